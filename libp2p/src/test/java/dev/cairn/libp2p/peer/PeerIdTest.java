package dev.cairn.libp2p.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerIdTest {

  /// The examples of the specification.
  private static final String INLINED = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

  private static final String HASHED = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
  private static final String HASHED_CID =
      "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe";

  @Test
  void both_text_forms_name_the_same_peer() {
    assertEquals(PeerId.parse(HASHED), PeerId.parse(HASHED_CID));
    assertEquals(HASHED_CID, PeerId.parse(HASHED).toCidText());
    assertEquals(HASHED, PeerId.parse(HASHED_CID).toString());
    PeerId inlined = PeerId.parse(INLINED);
    assertEquals(INLINED, inlined.toString());
    assertEquals(inlined, PeerId.parse(inlined.toCidText()));
    assertEquals(inlined, PeerId.decode(inlined.bytes()));
  }

  @Test
  void a_short_key_is_inlined_and_a_long_one_hashed() {
    PeerId inlined = PeerId.parse(INLINED);
    PublicKey key = inlined.inlineKey().orElseThrow();
    assertEquals(inlined, PeerId.of(key));
    assertEquals(Optional.empty(), PeerId.parse(HASHED).inlineKey());
    byte[] spki = new byte[91];
    PeerId hashed = PeerId.of(new EcdsaPublicKey(spki));
    assertEquals(Optional.empty(), hashed.inlineKey());
    assertTrue(hashed.toString().startsWith("Qm"));
  }

  @Test
  void refuses_what_names_no_peer() {
    for (String text :
        List.of(
            "",
            "1",
            "Qm",
            "x",
            "12D3KooW",
            HASHED + "1",
            "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", // a CID of another codec
            "1".repeat(PeerId.TEXT_CHARS_MAX + 1))) {
      assertThrows(MalformedException.class, () -> PeerId.parse(text), text);
    }
  }

  @Test
  void refuses_other_hashes_and_long_or_broken_inlined_keys() {
    for (String hex :
        List.of(
            "1340" + "00".repeat(64), // sha2-512
            "121f" + "00".repeat(31), // short
            "002b" + "00".repeat(43), // 43 bytes inlined
            "0024" + "00".repeat(36), // no key inside
            "0000",
            "")) {
      assertThrows(MalformedException.class, () -> PeerId.decode(Hex.decode(hex)), hex);
    }
  }

  @Test
  void is_ordered_by_its_bytes() {
    PeerId a = PeerId.parse(INLINED);
    PeerId b = PeerId.parse(HASHED);
    assertTrue(a.compareTo(b) < 0);
    assertTrue(b.compareTo(a) > 0);
    assertNotEquals(a, b);
  }

  @Test
  void any_text_parses_or_is_refused_as_malformed() {
    Random random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? INLINED : HASHED_CID);
      text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(200)));
      text.setLength(1 + random.nextInt(text.length()));
      try {
        PeerId.parse(text.toString());
      } catch (MalformedException expected) {
        // Refused, which is an answer too.
      }
    }
  }
}
