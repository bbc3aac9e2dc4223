package dev.cairn.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 (FIPS 180-4), from the JDK, whose intrinsic no native library beats on small inputs.
public final class Sha256 {

  public static final int BYTES = 32;

  private Sha256() {}

  /// The digest of the parts, one after the other: 32 bytes.
  public static byte[] digest(byte[]... parts) {
    MessageDigest digest = newDigest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /// A fresh digest for one thread; `digest()` leaves it ready for the next message.
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new CryptoException("this Java runtime lacks SHA-256", e);
    }
  }
}
