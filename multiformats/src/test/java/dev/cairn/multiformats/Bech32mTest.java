package dev.cairn.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bech32mTest {

  /// BIP-350, "Test vectors for Bech32m".
  private static final List<String> VALID =
      List.of(
          "A1LQFN3A",
          "a1lqfn3a",
          "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
          "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
          "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
          "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
          "?1v759aa");

  private static final List<String> INVALID =
      List.of(
          " 1xj0phk",
          "\u007f1g6xzxy",
          "\u00801vctc34",
          "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",
          "qyrz8wqd2c9m",
          "1qyrz8wqd2c9m",
          "y1b0jsk6g",
          "lt1igcx5c0",
          "in1muywd",
          "mm1crxm3i",
          "au1s5cgom",
          "M1VUXWEZ",
          "16plkw9",
          "1p2gdwpf",
          // Of the segwit addresses, those that are wrong as bech32m: Bech32's checksum, and case.
          "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
          "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq");

  private static String prefix(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int one = lower.lastIndexOf('1');
    return one <= 0 ? "a" : lower.substring(0, one);
  }

  @Test
  void takes_the_valid_strings_of_bip_350() {
    for (String text : VALID) {
      assertEquals(
          text.length() - prefix(text).length() - 7, Bech32m.words(prefix(text), text).length);
    }
  }

  @Test
  void refuses_the_invalid_strings_of_bip_350() {
    for (String text : INVALID) {
      String prefix = prefix(text);
      boolean good = prefix.chars().allMatch(c -> c > 32 && c < 127) && prefix.length() < 84;
      assertThrows(MalformedException.class, () -> Bech32m.words(good ? prefix : "a", text), text);
    }
  }

  @Test
  void an_address_of_32_bytes_round_trips_in_either_case() {
    Random random = new Random(4);
    for (int length = 0; length <= 46; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      String text = Bech32m.encode("cairn", bytes);
      assertArrayEquals(bytes, Bech32m.decode("cairn", text));
      assertArrayEquals(bytes, Bech32m.decode("cairn", text.toUpperCase(Locale.ROOT)));
    }
  }

  @Test
  void finds_every_single_typing_error() {
    byte[] bytes = new byte[32];
    new Random(5).nextBytes(bytes);
    String text = Bech32m.encode("cairn", bytes);
    for (int i = 0; i < text.length(); i++) {
      for (char c = 33; c < 127; c++) {
        if (c != text.charAt(i)) {
          String wrong = text.substring(0, i) + c + text.substring(i + 1);
          assertThrows(MalformedException.class, () -> Bech32m.decode("cairn", wrong), wrong);
        }
      }
    }
  }

  @Test
  void refuses_another_prefix() {
    String text = Bech32m.encode("cairn", new byte[32]);
    assertThrows(MalformedException.class, () -> Bech32m.decode("cair", text));
    assertThrows(MalformedException.class, () -> Bech32m.decode("cairns", text));
    assertThrows(IllegalArgumentException.class, () -> Bech32m.encode("Cairn", new byte[32]));
    assertThrows(IllegalArgumentException.class, () -> Bech32m.encode("", new byte[32]));
  }

  @Test
  void refuses_bits_that_belong_to_no_byte() {
    byte[] bytes = Bech32m.decode("a", Bech32m.encodeWords("a", new byte[] {31, 28}));
    assertArrayEquals(new byte[] {(byte) 0xff}, bytes);
    // A bit of the padding set, and a whole group of padding.
    for (byte[] words : List.of(new byte[] {31, 29}, new byte[] {31, 28, 0}, new byte[] {0})) {
      String text = Bech32m.encodeWords("a", words);
      assertThrows(MalformedException.class, () -> Bech32m.decode("a", text), text);
    }
  }

  @Test
  void refuses_a_kelvin_sign_for_a_k() {
    String upper = Bech32m.encode("k", new byte[4]).toUpperCase(Locale.ROOT);
    Bech32m.decode("k", upper);
    String kelvin = upper.replace('K', '\u212a');
    assertThrows(MalformedException.class, () -> Bech32m.decode("k", kelvin));
  }

  @Test
  void stays_within_90_characters() {
    assertEquals(89, Bech32m.encode("cairn", new byte[48]).length());
    assertThrows(IllegalArgumentException.class, () -> Bech32m.encode("cairn", new byte[49]));
    // 82 groups fill 90 characters; 88 are whole bytes with a good checksum, and too long.
    assertEquals(90, Bech32m.encodeWords("a", new byte[82]).length());
    assertEquals(80, Bech32m.words("a", Bech32m.encodeWords("a", new byte[80])).length);
    String over = Bech32m.encodeWords("a", new byte[88]);
    assertThrows(MalformedException.class, () -> Bech32m.decode("a", over));
  }
}
