package dev.cairn.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BasesTest {

  private static final String PREFIXES = "079fFbBcCvVtThkKzZmMuU";

  @Test
  void reads_and_writes_the_vectors_of_multibase() {
    for (List<String> row : Vectors.rows("multibase.csv")) {
      byte[] bytes = Hex.decode(row.get(1));
      String text = row.get(2);
      assertArrayEquals(bytes, Multibase.decode(text), text);
      if (row.get(0).equals("exact")) {
        assertEquals(text, Multibase.encode(text.charAt(0), bytes));
      }
    }
  }

  @Test
  void round_trips_every_base_and_length() {
    Random random = new Random(2);
    for (int length = 0; length < 70; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      if (length > 3 && length % 3 == 0) {
        bytes[0] = 0;
        bytes[1] = 0;
      }
      for (int i = 0; i < PREFIXES.length(); i++) {
        assertArrayEquals(bytes, Multibase.decode(Multibase.encode(PREFIXES.charAt(i), bytes)));
      }
      assertArrayEquals(bytes, Hex.decode(Hex.encode(bytes)));
      assertArrayEquals(bytes, Base32.decode(Base32.encode(bytes)));
      assertArrayEquals(bytes, Base58.decode(Base58.encode(bytes)));
    }
  }

  @Test
  void refuses_what_an_encoder_would_not_write() {
    for (String text :
        List.of(
            "",
            "?x",
            "\0abc",
            "xabc",
            "bpfsxgidnmfxgsib1",
            "bpfsxgidnmfxgsibbb",
            "bb",
            "bpb",
            "f1",
            "fxx",
            "meQ=",
            "MeQ",
            "MeQ=",
            "MeQ===",
            "M====",
            "meR",
            "z0",
            "zO",
            "zl",
            "kA_",
            "02",
            "01",
            "78",
            "f\u0660\u0660",
            "z\uff11")) {
      assertThrows(MalformedException.class, () -> Multibase.decode(text), text);
    }
    assertThrows(IllegalArgumentException.class, () -> Multibase.encode('?', new byte[1]));
  }

  @Test
  void base32_is_lowercase_without_padding() {
    assertEquals("pfsxgidnmfxgsibb", Base32.encode(Hex.decode("796573206d616e692021")));
    for (String text : List.of("PFSXGIDNMFXGSIBB", "ab4wk4zanvqw42jaee======", "a", "ab1")) {
      assertThrows(MalformedException.class, () -> Base32.decode(text), text);
    }
  }

  @Test
  void hex_refuses_odd_lengths_and_other_characters() {
    for (String text : List.of("0", "0g", "0x00", " 00", "\u0660\u0660")) {
      assertThrows(MalformedException.class, () -> Hex.decode(text), text);
    }
    assertArrayEquals(new byte[] {(byte) 0xab}, Hex.decode("Ab"));
  }

  @Test
  void base58_has_a_limit_because_its_work_is_quadratic() {
    String longest = "2".repeat(Base58.LENGTH_MAX);
    assertEquals(longest, Base58.encode(Base58.decode(longest)));
    assertThrows(MalformedException.class, () -> Base58.decode(longest + "2"));
    byte[] bytes = new byte[Base58.LENGTH_MAX];
    assertEquals("1".repeat(Base58.LENGTH_MAX), Base58.encode(bytes));
    assertThrows(
        IllegalArgumentException.class, () -> Base58.encode(new byte[Base58.LENGTH_MAX + 1]));
  }

  @Test
  void only_the_named_exception_escapes_and_what_decodes_is_the_same_bytes_again() {
    Random random = new Random(3);
    String letters = PREFIXES + "abz019AZ=+/-_~ \u0130\u212a";
    for (int i = 0; i < 40_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(24);
      for (int j = 0; j < length; j++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        byte[] bytes = Multibase.decode(text.toString());
        String again = Multibase.encode(text.charAt(0), bytes);
        assertEquals(
            text.toString().toLowerCase(java.util.Locale.ROOT),
            again.toLowerCase(java.util.Locale.ROOT));
      } catch (MalformedException e) {
        assertEquals(MalformedException.class, e.getClass());
      }
    }
  }
}
