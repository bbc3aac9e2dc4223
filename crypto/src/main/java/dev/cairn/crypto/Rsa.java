package dev.cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/// RSASSA-PKCS1-v1_5 with SHA-256, for peers whose identity is such a key (libp2p "Peer ids and
/// keys"). From the JDK. The size is bounded because the work grows with its square.
public final class Rsa {

  public static final int KEY_BITS_MIN = 2048;
  public static final int KEY_BITS_MAX = 8192;

  /// A SubjectPublicKeyInfo of 8,192 bits has 1,062 bytes with the usual exponent.
  private static final int SPKI_BYTES_MAX = 1152;

  /// The usual exponent, 65,537, has 17 bits; a long one costs as much as a signature would.
  private static final int EXPONENT_BITS_MAX = 32;

  private Rsa() {}

  /// Whether these bytes are a SubjectPublicKeyInfo with an RSA key of 2,048 to 8,192 bits.
  public static boolean isKey(byte[] spki) {
    return decode(spki).isPresent();
  }

  /// Whether this key signed the message.
  ///
  /// @param spki SubjectPublicKeyInfo in DER
  public static boolean verify(byte[] spki, byte[] message, byte[] signature) {
    Optional<PublicKey> key = decode(spki);
    if (key.isEmpty()) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("SHA256withRSA", "SunRsaSign");
      verifier.initVerify(key.get());
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | RuntimeException e) {
      return false; // bytes that are no signature
    }
  }

  private static Optional<PublicKey> decode(byte[] spki) {
    if (spki.length > SPKI_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      PublicKey key =
          KeyFactory.getInstance("RSA", "SunRsaSign").generatePublic(new X509EncodedKeySpec(spki));
      boolean allowed =
          key instanceof RSAPublicKey rsa
              && rsa.getModulus().bitLength() >= KEY_BITS_MIN
              && rsa.getModulus().bitLength() <= KEY_BITS_MAX
              && rsa.getPublicExponent().bitLength() <= EXPONENT_BITS_MAX;
      return allowed ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
