package dev.cairn.crypto;

import java.util.Arrays;
import javax.crypto.Mac;

/// HKDF-SHA-256 (RFC 5869), and the form of it that Noise uses.
public final class Hkdf {

  private static final int OUTPUT_BYTES_MAX = 255 * Hmac.BYTES;

  private Hkdf() {}

  /// Noise's HKDF (revision 34, section 4.3): two or three outputs of 32 bytes each.
  public static byte[][] noise(byte[] chainingKey, byte[] inputKeyMaterial, int outputs) {
    if (outputs < 2 || outputs > 3) {
      throw new IllegalArgumentException("2 or 3 outputs, not " + outputs);
    }
    Mac mac = Hmac.keyed(Hmac.sha256(chainingKey, inputKeyMaterial));
    byte[][] out = new byte[outputs][];
    byte[] previous = new byte[0];
    for (int i = 0; i < outputs; i++) {
      mac.update(previous);
      mac.update((byte) (i + 1));
      previous = mac.doFinal();
      out[i] = previous;
    }
    return out;
  }

  /// Extract and expand.
  ///
  /// @param salt may be empty
  /// @param length 1 to 8,160 bytes
  public static byte[] sha256(byte[] salt, byte[] inputKeyMaterial, byte[] info, int length) {
    if (length < 1 || length > OUTPUT_BYTES_MAX) {
      throw new IllegalArgumentException("1 to " + OUTPUT_BYTES_MAX + " bytes, not " + length);
    }
    Mac mac = Hmac.keyed(Hmac.sha256(salt, inputKeyMaterial));
    byte[] out = new byte[length];
    byte[] previous = new byte[0];
    int filled = 0;
    for (int i = 1; filled < length; i++) {
      mac.update(previous);
      mac.update(info);
      mac.update((byte) i);
      previous = mac.doFinal();
      int taken = Math.min(previous.length, length - filled);
      System.arraycopy(previous, 0, out, filled, taken);
      filled += taken;
    }
    Arrays.fill(previous, (byte) 0);
    return out;
  }
}
