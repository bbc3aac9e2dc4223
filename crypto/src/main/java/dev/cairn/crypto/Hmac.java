package dev.cairn.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256 (RFC 2104).
public final class Hmac {

  public static final int BYTES = 32;

  private Hmac() {}

  /// The code of the parts, one after the other, under a key of any length (empty too): 32 bytes.
  public static byte[] sha256(byte[] key, byte[]... parts) {
    Mac mac = keyed(key);
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  /// A code under this key for one thread; `doFinal()` leaves it ready for the next message.
  static Mac keyed(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // JCA refuses an empty key, which HKDF needs; HMAC pads with zeros, so one zero is the same.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new CryptoException("this Java runtime lacks HMAC-SHA-256", e);
    }
  }
}
