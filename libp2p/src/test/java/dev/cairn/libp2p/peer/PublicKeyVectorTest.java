package dev.cairn.libp2p.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.crypto.Secp256k1;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The vectors of libp2p's peer-ids specification, "Test vectors".
class PublicKeyVectorTest {

  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

  private static byte[] vector(String kind, String half) throws IOException {
    try (InputStream in = PublicKeyVectorTest.class.getResourceAsStream("keys.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return text.lines()
          .map(line -> line.split(" "))
          .filter(parts -> parts[0].equals(kind) && parts[1].equals(half))
          .map(parts -> Hex.decode(parts[2]))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void decodes_and_encodes_the_keys_of_the_specification() throws IOException {
    for (String kind : List.of("ecdsa", "ed25519", "secp256k1", "rsa")) {
      byte[] encoded = vector(kind, "public");
      assertArrayEquals(encoded, PublicKey.decode(encoded).encode(), kind);
    }
    assertInstanceOf(EcdsaPublicKey.class, PublicKey.decode(vector("ecdsa", "public")));
    assertInstanceOf(RsaPublicKey.class, PublicKey.decode(vector("rsa", "public")));
  }

  @Test
  void the_ed25519_private_key_gives_the_public_key() throws IOException {
    byte[] encoded = vector("ed25519", "private");
    Ed25519Key key = Ed25519Key.fromSeed(Arrays.copyOfRange(encoded, 4, 36));
    PublicKey publicKey = Identity.of(key).publicKey();
    assertArrayEquals(vector("ed25519", "public"), publicKey.encode());
    assertTrue(publicKey.verify(MESSAGE, key.sign(MESSAGE)));
    assertFalse(publicKey.verify(new byte[1], key.sign(MESSAGE)));
    assertFalse(publicKey.verify(MESSAGE, new byte[64]));
    assertFalse(publicKey.verify(MESSAGE, new byte[63]));
  }

  @Test
  void verifies_signatures_of_the_ecdsa_and_rsa_keys() throws Exception {
    // The RSA vector's private key is PKCS #1; PKCS #8 is that behind a fixed head.
    byte[] rsa = vector("rsa", "private");
    byte[] pkcs1 = Arrays.copyOfRange(rsa, 5, rsa.length);
    byte[] head = Hex.decode("30820944020100300d06092a864886f70d01010105000482092e");
    byte[] pkcs8 = Arrays.copyOf(head, head.length + pkcs1.length);
    System.arraycopy(pkcs1, 0, pkcs8, head.length, pkcs1.length);
    PrivateKey rsaKey =
        KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    check(vector("rsa", "public"), sign("SHA256withRSA", rsaKey));
    var pair = KeyPairGenerator.getInstance("EC");
    pair.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
    var keys = pair.generateKeyPair();
    byte[] encoded = new EcdsaPublicKey(keys.getPublic().getEncoded()).encode();
    check(encoded, sign("SHA256withECDSA", keys.getPrivate()));
  }

  private static byte[] sign(String algorithm, PrivateKey key) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(MESSAGE);
    return signature.sign();
  }

  private static void check(byte[] encodedKey, byte[] signature) {
    PublicKey key = PublicKey.decode(encodedKey);
    assertTrue(key.verify(MESSAGE, signature));
    assertFalse(key.verify(new byte[] {1}, signature));
    assertFalse(key.verify(MESSAGE, new byte[0]));
    signature[signature.length - 1] ^= 1;
    assertFalse(key.verify(MESSAGE, signature));
  }

  @Test
  void a_wrong_secp256k1_signature_is_just_false() throws IOException {
    PublicKey key = PublicKey.decode(vector("secp256k1", "public"));
    assertFalse(key.verify(MESSAGE, new byte[70]));
    assertEquals(Secp256k1.isAvailable(), Secp256k1.isAvailable());
  }

  @Test
  void refuses_other_encodings_of_the_same_key() throws IOException {
    byte[] encoded = vector("ed25519", "public");
    byte[] data = Arrays.copyOfRange(encoded, 4, encoded.length);
    String hex = Hex.encode(data);
    for (String other :
        List.of(
            "1220" + hex + "0801", // fields the other way round
            "0881001220" + hex, // a type in two bytes
            "08011220" + hex + "1800", // an unknown field
            "080108011220" + hex, // a field twice
            "1220" + hex, // no type
            "0801", // no data
            "0804" + "1220" + hex, // a kind that does not exist
            "0801121f" + hex.substring(2))) { // 31 bytes
      assertThrows(MalformedException.class, () -> PublicKey.decode(Hex.decode(other)), other);
    }
    byte[] big = new byte[PublicKey.ENCODED_BYTES_MAX + 1];
    assertThrows(MalformedException.class, () -> PublicKey.decode(big));
  }

  @Test
  void any_bytes_decode_or_are_refused_as_malformed() throws IOException {
    Random random = new Random(42);
    byte[] sample = vector("secp256k1", "public");
    for (int i = 0; i < 20_000; i++) {
      byte[] input = sample.clone();
      input[random.nextInt(input.length)] = (byte) random.nextInt();
      input[random.nextInt(4)] = (byte) random.nextInt(32);
      try {
        PublicKey.decode(Arrays.copyOf(input, random.nextInt(input.length + 8))).encode();
      } catch (MalformedException expected) {
        // Refused, which is an answer too.
      }
    }
  }
}
