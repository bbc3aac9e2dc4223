package dev.cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Vectors: RFC 8032, section 7.1; ed25519-speccheck `cases.txt` ("Taming the many EdDSAs", 2020).
class Ed25519Test {

  private static final HexFormat HEX = HexFormat.of();
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static byte[] hex(String text) {
    return HEX.parseHex(text);
  }

  /// Every implementation that this machine has.
  private static List<EdDsa> implementations() {
    List<EdDsa> found = new ArrayList<>();
    Providers.corretto().ifPresent(p -> found.add(new EdDsa(p)));
    Providers.conscrypt().ifPresent(p -> found.add(new EdDsa(p)));
    found.add(new EdDsa(Providers.sunEc()));
    return found;
  }

  private record SpecCase(String message, String key, String signature) {
    boolean accepted(EdDsa library) {
      return Ed25519.verify(library, hex(key), hex(message), hex(signature));
    }
  }

  /// The twelve cases of the paper, in its order. Under our rules only number 3 (A and R of mixed
  /// order, the equation holds without the cofactor) passes.
  private static final List<SpecCase> SPEC_CASES = specCases();

  private static List<SpecCase> specCases() {
    try (InputStream in = Ed25519Test.class.getResourceAsStream("ed25519-speccheck.txt")) {
      List<String> lines =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .skip(1)
              .map(line -> line.substring(4))
              .toList();
      List<SpecCase> cases = new ArrayList<>();
      for (int i = 0; i < lines.size(); i += 3) {
        cases.add(new SpecCase(lines.get(i), lines.get(i + 1), lines.get(i + 2)));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void rfc_8032_vectors_sign_and_verify() {
    String[][] vectors = {
      {
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
      },
      {
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
      },
      {
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
      },
    };
    for (String[] v : vectors) {
      Ed25519Key key = Ed25519Key.fromSeed(hex(v[0]));
      assertArrayEquals(hex(v[1]), key.publicKey());
      assertArrayEquals(hex(v[3]), key.sign(hex(v[2])));
      for (EdDsa library : implementations()) {
        assertTrue(
            Ed25519.verify(library, hex(v[1]), hex(v[2]), hex(v[3])), library.provider().getName());
        byte[] own = library.sign(library.privateKey(hex(v[0])), hex(v[2]));
        assertArrayEquals(hex(v[3]), own, library.provider().getName());
      }
    }
  }

  @Test
  void all_libraries_decide_the_edge_cases_alike() {
    List<Boolean> expected =
        List.of(false, false, false, true, false, false, false, false, false, false, false, false);
    for (EdDsa library : implementations()) {
      List<Boolean> decided = SPEC_CASES.stream().map(c -> c.accepted(library)).toList();
      assertEquals(expected, decided, library.provider().getName());
    }
  }

  @Test
  void a_library_alone_would_accept_a_key_of_small_order() {
    SpecCase small = SPEC_CASES.get(1);
    boolean accepted = false;
    for (EdDsa library : implementations()) {
      accepted |= library.verify(hex(small.key()), hex(small.message()), hex(small.signature()));
    }
    assertTrue(accepted, "the table of small orders would be of no use");
  }

  @Test
  void every_encoding_of_a_point_of_small_order_is_refused() {
    BigInteger p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    List<BigInteger> ys =
        List.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            p.subtract(BigInteger.ONE),
            p,
            p.add(BigInteger.ONE),
            little("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            little("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"));
    for (BigInteger y : ys) {
      for (int sign = 0; sign < 2; sign++) {
        byte[] encoded = encode(y);
        encoded[31] |= (byte) (sign << 7);
        assertFalse(Ed25519.isCanonicalKey(encoded), HEX.formatHex(encoded));
      }
    }
    assertTrue(Ed25519.isCanonicalKey(encode(p.subtract(BigInteger.TWO))));
    assertFalse(Ed25519.isCanonicalKey(encode(p.add(BigInteger.TWO))));
    assertFalse(Ed25519.isCanonicalKey(new byte[31]));
  }

  @Test
  void an_s_of_the_order_or_more_is_refused() {
    Ed25519Key key = Ed25519Key.fromSeed(new byte[32]);
    byte[] message = {1, 2, 3};
    byte[] signature = key.sign(message);
    assertTrue(Ed25519.verify(key.publicKey(), message, signature));
    byte[] malleable = signature.clone();
    BigInteger s = little(HEX.formatHex(signature, 32, 64));
    System.arraycopy(encode(s.add(ORDER)), 0, malleable, 32, 32);
    for (EdDsa library : implementations()) {
      assertFalse(Ed25519.verify(library, key.publicKey(), message, malleable));
    }
  }

  @Test
  void libraries_agree_on_damaged_signatures() {
    Random random = new Random(7);
    Ed25519Key key = Ed25519Key.fromSeed(new byte[32]);
    byte[] message = "a message".getBytes(StandardCharsets.UTF_8);
    List<EdDsa> libraries = implementations();
    for (int i = 0; i < 300; i++) {
      byte[] signature = key.sign(message);
      byte[] publicKey = key.publicKey();
      byte[] target = random.nextBoolean() ? signature : publicKey;
      target[random.nextInt(target.length)] ^= (byte) (1 << random.nextInt(8));
      for (EdDsa library : libraries) {
        assertFalse(Ed25519.verify(library, publicKey, message, signature));
      }
    }
  }

  @Test
  void bytes_of_a_wrong_length_are_refused() {
    Ed25519Key key = Ed25519Key.generate(new SecureRandom());
    byte[] signature = key.sign(new byte[0]);
    assertTrue(Ed25519.verify(key.publicKey(), new byte[0], signature));
    assertFalse(Ed25519.verify(new byte[33], new byte[0], signature));
    assertFalse(Ed25519.verify(key.publicKey(), new byte[0], new byte[63]));
    assertFalse(Ed25519.verify(key.publicKey(), new byte[0], new byte[0]));
    assertThrows(CryptoException.class, () -> Ed25519Key.fromSeed(new byte[31]));
  }

  private static BigInteger little(String hex) {
    byte[] bytes = hex(hex);
    byte[] big = new byte[32];
    for (int i = 0; i < 32; i++) {
      big[i] = bytes[31 - i];
    }
    return new BigInteger(1, big);
  }

  private static byte[] encode(BigInteger y) {
    byte[] out = new byte[32];
    for (int i = 0; i < 32; i++) {
      out[i] = y.shiftRight(8 * i).byteValue();
    }
    return out;
  }
}
