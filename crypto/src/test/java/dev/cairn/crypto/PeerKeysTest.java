package dev.cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// X25519 (RFC 7748, sections 5.2 and 6.1) and the key types that only peers of other stacks use.
class PeerKeysTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] MESSAGE = {1, 2, 3};

  private static List<Xdh> agreements() {
    List<Xdh> found = new ArrayList<>();
    Providers.conscrypt().ifPresent(p -> found.add(new Xdh(p)));
    found.add(new Xdh(Providers.sunEc()));
    return found;
  }

  @Test
  void rfc_7748_vectors() {
    X25519Key a = X25519Key.generate(new SecureRandom());
    X25519Key b = X25519Key.generate(new SecureRandom());
    assertArrayEquals(a.agree(b.publicKey()), b.agree(a.publicKey()));
    byte[] scalar =
        HEX.parseHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    byte[] point = HEX.parseHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    for (Xdh xdh : agreements()) {
      assertEquals(
          "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
          HEX.formatHex(xdh.agree(xdh.privateKey(scalar), point)),
          xdh.provider().getName());
    }
  }

  @Test
  void peer_keys_of_small_order_are_refused() {
    String[] smallOrder = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    for (Xdh xdh : agreements()) {
      for (String point : smallOrder) {
        assertThrows(
            CryptoException.class,
            () -> xdh.agree(xdh.privateKey(new byte[32]), HEX.parseHex(point)),
            point + " " + xdh.provider().getName());
      }
    }
    X25519Key key = X25519Key.generate(new SecureRandom());
    assertThrows(CryptoException.class, () -> key.agree(new byte[31]));
    assertThrows(CryptoException.class, () -> X25519Key.fromPrivate(new byte[33]));
  }

  @Test
  void the_libraries_agree_with_each_other() {
    Random random = new Random(11);
    for (int i = 0; i < 20; i++) {
      byte[] raw = new byte[32];
      byte[] peer = new byte[32];
      random.nextBytes(raw);
      random.nextBytes(peer);
      byte[] expected = new byte[0];
      for (Xdh xdh : agreements()) {
        byte[] secret = xdh.agree(xdh.privateKey(raw), peer);
        expected = expected.length == 0 ? secret : expected;
        assertArrayEquals(expected, secret, xdh.provider().getName());
      }
    }
  }

  private static KeyPair pair(Provider provider, String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static byte[] sign(String algorithm, KeyPair pair) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(pair.getPrivate());
    signer.update(MESSAGE);
    return signer.sign();
  }

  @Test
  void secp256k1_verifies_compressed_keys() throws GeneralSecurityException {
    assumeTrue(Secp256k1.isAvailable());
    Provider corretto = Providers.corretto().orElseThrow();
    KeyPair pair = pair(corretto, "secp256k1");
    byte[] spki = pair.getPublic().getEncoded();
    byte[] key = new byte[33];
    key[0] = (byte) (2 + (spki[spki.length - 1] & 1));
    System.arraycopy(spki, spki.length - 64, key, 1, 32);
    Signature signer = Signature.getInstance("SHA256withECDSA", corretto);
    signer.initSign(pair.getPrivate());
    signer.update(MESSAGE);
    byte[] signature = signer.sign();
    assertTrue(Secp256k1.isKey(key));
    assertTrue(Secp256k1.verify(key, MESSAGE, signature));
    assertFalse(Secp256k1.verify(key, new byte[1], signature));
    assertFalse(Secp256k1.verify(key, MESSAGE, new byte[70]));
    assertFalse(Secp256k1.verify(key, MESSAGE, new byte[0]));
    byte[] offCurve = new byte[33];
    offCurve[0] = 2;
    offCurve[32] = 5; // 5^3 + 7 is no square
    assertFalse(Secp256k1.isKey(offCurve));
    assertFalse(Secp256k1.isKey(Arrays.copyOf(key, 32)));
  }

  @Test
  void p256_verifies_its_own_curve_only() throws GeneralSecurityException {
    KeyPair pair = pair(Providers.sunEc(), "secp256r1");
    byte[] spki = pair.getPublic().getEncoded();
    byte[] signature = sign("SHA256withECDSA", pair);
    assertTrue(EcdsaP256.isKey(spki));
    assertTrue(EcdsaP256.verify(spki, MESSAGE, signature));
    assertFalse(EcdsaP256.verify(spki, new byte[2], signature));
    assertFalse(EcdsaP256.verify(spki, MESSAGE, new byte[8]));
    KeyPair larger = pair(Providers.sunEc(), "secp384r1");
    byte[] other = larger.getPublic().getEncoded();
    assertFalse(EcdsaP256.isKey(other));
    assertFalse(EcdsaP256.verify(other, MESSAGE, sign("SHA256withECDSA", larger)));
    assertFalse(EcdsaP256.isKey(new byte[91]));
    assertFalse(EcdsaP256.isKey(new byte[10_000]));
    byte[] offCurve = spki.clone();
    offCurve[90] ^= 1;
    assertFalse(EcdsaP256.isKey(offCurve));
  }

  @Test
  void rsa_keys_are_bounded() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    byte[] spki = pair.getPublic().getEncoded();
    byte[] signature = sign("SHA256withRSA", pair);
    assertTrue(Rsa.verify(spki, MESSAGE, signature));
    assertFalse(Rsa.verify(spki, new byte[2], signature));
    assertFalse(Rsa.verify(spki, MESSAGE, new byte[256]));
    generator.initialize(1024);
    KeyPair weak = generator.generateKeyPair();
    assertFalse(Rsa.verify(weak.getPublic().getEncoded(), MESSAGE, sign("SHA256withRSA", weak)));
    assertTrue(Rsa.isKey(rsa(8192, 65537)));
    assertFalse(Rsa.isKey(rsa(8208, 65537)));
    assertFalse(Rsa.isKey(rsa(4096, (1L << 40) + 1)));
    assertFalse(Rsa.isKey(new byte[0]));
  }

  private static byte[] rsa(int bits, long exponent) throws GeneralSecurityException {
    BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(exponent)))
        .getEncoded();
  }

  @Test
  void the_implementations_in_use_are_named() {
    String named = Providers.describe();
    assertTrue(named.contains("Ed25519: ") && named.contains("X25519: "), named);
  }
}
