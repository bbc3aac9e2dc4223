package dev.cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/// ECDSA over secp256k1 with SHA-256 and DER signatures, for peers whose identity is such a key
/// (libp2p "Peer ids and keys"). The JDK dropped the curve, so only Corretto has it; where that is
/// missing such peers cannot be verified.
public final class Secp256k1 {

  public static final int COMPRESSED_KEY_BYTES = 33;

  /// The head of a SubjectPublicKeyInfo for a compressed point (RFC 5480; SEC 1, section 2.3).
  private static final byte[] SPKI = Der.prefix("3036301006072a8648ce3d020106052b8104000a032200");

  private Secp256k1() {}

  /// Whether signatures of this kind can be verified on this platform.
  public static boolean isAvailable() {
    return Providers.corretto().isPresent();
  }

  /// Whether these are 33 bytes that encode a point of the curve.
  ///
  /// @throws CryptoException when this platform has no implementation
  public static boolean isKey(byte[] publicKey) {
    return decode(publicKey).isPresent();
  }

  /// Whether this key signed the message.
  ///
  /// @param publicKey 33 bytes, compressed
  /// @param signature DER
  /// @throws CryptoException when this platform has no implementation
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    Optional<PublicKey> key = decode(publicKey);
    return key.isPresent() && Ecdsa.verify(provider(), key.get(), message, signature);
  }

  private static Optional<PublicKey> decode(byte[] publicKey) {
    Provider provider = provider();
    if (publicKey.length != COMPRESSED_KEY_BYTES || (publicKey[0] != 2 && publicKey[0] != 3)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          KeyFactory.getInstance("EC", provider)
              .generatePublic(new X509EncodedKeySpec(Der.join(SPKI, publicKey))));
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Provider provider() {
    return Providers.corretto()
        .orElseThrow(() -> new CryptoException("secp256k1 keys cannot be used on this platform"));
  }

  /// ECDSA with SHA-256, shared by both curves.
  static final class Ecdsa {

    private Ecdsa() {}

    static boolean verify(Provider provider, PublicKey key, byte[] message, byte[] signature) {
      try {
        Signature verifier = Signature.getInstance("SHA256withECDSA", provider);
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
      } catch (GeneralSecurityException | RuntimeException e) {
        return false; // bytes that are no signature
      }
    }
  }
}
