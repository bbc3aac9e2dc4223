package dev.cairn.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-GCM (NIST SP 800-38D) for small secrets such as a key in its file: 96-bit nonce, 128-bit
/// tag.
public final class AesGcm {

  public static final int NONCE_BYTES = 12;
  public static final int TAG_BYTES = 16;

  private AesGcm() {}

  /// Encrypts, and appends the tag.
  ///
  /// @param key 16 or 32 bytes
  /// @param nonce 12 bytes, never twice under one key
  /// @return ciphertext and tag
  public static byte[] seal(byte[] key, byte[] nonce, byte[] ad, byte[] plaintext) {
    try {
      return run(Cipher.ENCRYPT_MODE, key, nonce, ad, plaintext);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not encrypt: " + e.getMessage(), e);
    }
  }

  /// Checks the tag, then decrypts.
  ///
  /// @throws CryptoException when the tag does not match
  public static byte[] open(byte[] key, byte[] nonce, byte[] ad, byte[] ciphertext) {
    try {
      return run(Cipher.DECRYPT_MODE, key, nonce, ad, ciphertext);
    } catch (AEADBadTagException e) {
      throw new CryptoException("the ciphertext is not authentic", e);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not decrypt: " + e.getMessage(), e);
    }
  }

  private static byte[] run(int mode, byte[] key, byte[] nonce, byte[] ad, byte[] data)
      throws GeneralSecurityException {
    if ((key.length != 16 && key.length != 32) || nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("a key has 16 or 32 bytes and a nonce has 12");
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD(ad);
    return cipher.doFinal(data);
  }
}
