package dev.cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Vectors: RFC 4231, section 4.3; RFC 5869, appendix A; RFC 7914, section 12; FIPS 180-4's "abc".
class DerivationTest {

  private static final HexFormat HEX = HexFormat.of();

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void sha_256_of_parts_is_that_of_the_whole() {
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        HEX.formatHex(Sha256.digest(ascii("a"), ascii(""), ascii("bc"))));
  }

  @Test
  void hmac_vectors() {
    assertEquals(
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        HEX.formatHex(
            Hmac.sha256(ascii("Jefe"), ascii("what do ya want "), ascii("for nothing?"))));
    assertEquals(
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
        HEX.formatHex(Hmac.sha256(new byte[0])));
  }

  @Test
  void hkdf_vectors() {
    byte[] ikm = new byte[22];
    Arrays.fill(ikm, (byte) 0x0b);
    byte[] salt = HEX.parseHex("000102030405060708090a0b0c");
    byte[] info = HEX.parseHex("f0f1f2f3f4f5f6f7f8f9");
    assertEquals(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        HEX.formatHex(Hkdf.sha256(salt, ikm, info, 42)));
    assertEquals(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        HEX.formatHex(Hkdf.sha256(new byte[0], ikm, new byte[0], 42)));
  }

  @Test
  void noise_outputs_are_hkdf_without_info() {
    byte[] chainingKey = new byte[32];
    byte[] secret = ascii("shared");
    byte[] all = Hkdf.sha256(chainingKey, secret, new byte[0], 96);
    byte[][] three = Hkdf.noise(chainingKey, secret, 3);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(Arrays.copyOfRange(all, 32 * i, 32 * i + 32), three[i]);
    }
    assertEquals(2, Hkdf.noise(chainingKey, new byte[0], 2).length);
    assertThrows(IllegalArgumentException.class, () -> Hkdf.noise(chainingKey, secret, 4));
  }

  @Test
  void scrypt_vectors() {
    assertEquals(
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
        HEX.formatHex(Scrypt.derive(new byte[0], new byte[0], 16, 1, 1, 64)));
    assertEquals(
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
        HEX.formatHex(Scrypt.derive(ascii("password"), ascii("NaCl"), 1024, 8, 16, 64)));
    assertEquals(
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
        HEX.formatHex(
            Scrypt.derive(ascii("pleaseletmein"), ascii("SodiumChloride"), 16384, 8, 1, 64)));
  }

  @Test
  void scrypt_refuses_costs_out_of_range() {
    int[][] refused = {
      {0, 8, 1, 32}, {3, 8, 1, 32}, {1, 8, 1, 32}, {-2147483648, 8, 1, 32}, {16, 0, 1, 32},
      {16, 8, 0, 32}, {16, 8, 17, 32}, {16, 8, 1, 0}, {1 << 19, 8, 1, 32}, {1 << 30, 1024, 1, 32},
    };
    for (int[] r : refused) {
      assertThrows(
          CryptoException.class,
          () -> Scrypt.derive(new byte[1], new byte[1], r[0], r[1], r[2], r[3]),
          Arrays.toString(r));
    }
  }
}
