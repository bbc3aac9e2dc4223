package dev.cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Vectors: RFC 8439, appendix A.5; NIST's GCM test case 16 is left to the JDK's own tests.
class CipherTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] NONE = new byte[0];

  private static List<ChaChaPoly> implementations(byte[] key) {
    List<ChaChaPoly> found = new ArrayList<>();
    found.add(new ChaChaPoly(key, Optional.empty()));
    Providers.conscrypt().ifPresent(p -> found.add(new ChaChaPoly(key, Optional.of(p))));
    return found;
  }

  @Test
  void rfc_8439_example_gives_its_tag() {
    byte[] key = HEX.parseHex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
    byte[] ad = HEX.parseHex("f33388860000000000004e91");
    byte[] text =
        ("Internet-Drafts are draft documents valid for a maximum of six months and may be updated,"
                + " replaced, or obsoleted by other documents at any time. It is inappropriate to use"
                + " Internet-Drafts as reference material or to cite them other than as /\u201cwork in"
                + " progress./\u201d")
            .getBytes(StandardCharsets.UTF_8);
    for (ChaChaPoly cipher : implementations(key)) {
      byte[] out = new byte[text.length + ChaChaPoly.TAG_BYTES];
      assertEquals(out.length, cipher.seal(0x0807060504030201L, ad, text, 0, text.length, out, 0));
      assertEquals(265 + 16, out.length);
      assertEquals("eead9d67890cbb22392336fea1851f38", HEX.formatHex(out, text.length, out.length));
    }
  }

  @Test
  void frames_of_any_size_come_back_in_place_and_apart() {
    Random random = new Random(3);
    byte[] key = new byte[32];
    random.nextBytes(key);
    byte[] ad = {1, 2};
    List<ChaChaPoly> sealing = implementations(key);
    List<ChaChaPoly> opening = implementations(key);
    for (int nonce = 0; nonce < 200; nonce++) {
      byte[] plain = new byte[random.nextInt(3000)];
      random.nextBytes(plain);
      byte[] expected = new byte[0];
      for (ChaChaPoly cipher : sealing) {
        byte[] buffer = Arrays.copyOf(plain, plain.length + 20);
        cipher.seal(nonce, ad, buffer, 0, plain.length, buffer, 0);
        expected = expected.length == 0 ? buffer : expected;
        assertArrayEquals(expected, buffer);
      }
      for (ChaChaPoly cipher : opening) {
        byte[] out = new byte[plain.length + 7];
        int length = plain.length + ChaChaPoly.TAG_BYTES;
        assertEquals(plain.length, cipher.open(nonce, ad, expected, 0, length, out, 7));
        assertArrayEquals(plain, Arrays.copyOfRange(out, 7, out.length));
        byte[] same = expected.clone();
        cipher.open(nonce, ad, same, 0, length, same, 0);
        assertArrayEquals(plain, Arrays.copyOf(same, plain.length));
      }
    }
  }

  @Test
  void a_text_in_two_parts_is_sealed_as_one() {
    Random random = new Random(4);
    byte[] key = new byte[32];
    for (ChaChaPoly parts : implementations(key)) {
      ChaChaPoly whole = new ChaChaPoly(key);
      for (int nonce = 0; nonce < 200; nonce++) {
        byte[] plain = new byte[random.nextInt(3000)];
        random.nextBytes(plain);
        byte[] expected = new byte[plain.length + ChaChaPoly.TAG_BYTES];
        whole.seal(nonce, NONE, plain, 0, plain.length, expected, 0);
        int cut = random.nextInt(plain.length + 1);
        ByteBuffer head = ByteBuffer.wrap(plain, 0, cut);
        ByteBuffer tail = ByteBuffer.wrap(plain).position(cut).slice();
        ByteBuffer out = ByteBuffer.allocate(expected.length + 5).position(5);
        assertEquals(expected.length, parts.seal(nonce, head, tail, out));
        assertEquals(0, head.remaining() + tail.remaining() + out.remaining());
        assertArrayEquals(expected, Arrays.copyOfRange(out.array(), 5, out.capacity()));
      }
    }
  }

  @Test
  void a_damaged_frame_is_refused_and_the_next_one_opens() {
    byte[] key = new byte[32];
    for (ChaChaPoly cipher : implementations(key)) {
      ChaChaPoly sealer = new ChaChaPoly(key);
      byte[] frame = new byte[100 + 16];
      sealer.seal(0, NONE, new byte[100], 0, 100, frame, 0);
      byte[] damaged = frame.clone();
      damaged[50] ^= 1;
      byte[] out = new byte[200];
      assertThrows(
          CryptoException.class, () -> cipher.open(0, NONE, damaged, 0, damaged.length, out, 0));
      assertThrows(
          CryptoException.class, () -> cipher.open(1, NONE, frame, 0, frame.length, out, 0));
      assertThrows(CryptoException.class, () -> cipher.open(0, NONE, frame, 0, 15, out, 0));
      assertThrows(
          CryptoException.class,
          () -> cipher.open(0, new byte[] {1}, frame, 0, frame.length, out, 0));
      assertEquals(100, cipher.open(0, NONE, frame, 0, frame.length, out, 0));
    }
  }

  @Test
  void a_nonce_used_twice_in_a_row_is_refused() {
    for (ChaChaPoly cipher : implementations(new byte[32])) {
      byte[] out = new byte[100];
      cipher.seal(5, NONE, new byte[10], 0, 10, out, 0);
      assertThrows(CryptoException.class, () -> cipher.seal(5, NONE, new byte[10], 0, 10, out, 0));
      cipher.seal(6, NONE, new byte[10], 0, 10, out, 0);
    }
  }

  @Test
  void aes_gcm_opens_what_it_sealed_and_nothing_else() {
    byte[] key = new byte[32];
    byte[] nonce = new byte[12];
    byte[] secret = "a seed".getBytes(StandardCharsets.UTF_8);
    byte[] sealed = AesGcm.seal(key, nonce, NONE, secret);
    assertArrayEquals(secret, AesGcm.open(key, nonce, NONE, sealed));
    byte[] other = key.clone();
    other[0] = 1;
    assertThrows(CryptoException.class, () -> AesGcm.open(other, nonce, NONE, sealed));
    assertThrows(CryptoException.class, () -> AesGcm.open(key, nonce, NONE, new byte[3]));
    // NIST GCM test case 13: AES-256, empty plaintext.
    assertEquals(
        "530f8afbc74536b9a963b4f1c4cb738b", HEX.formatHex(AesGcm.seal(key, nonce, NONE, NONE)));
  }
}
