package dev.cairn.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// ChaCha20-Poly1305 (RFC 8439) with Noise's counter nonce: four zero bytes, then the counter as 64
/// bits little-endian (Noise revision 34, section 12.3).
///
/// One object serves one direction of one channel, from one thread at a time: the JDK's cipher is
/// fast on heap arrays when it is made once, and remembers the last nonce so that sealing twice
/// under one nonce is refused.
public final class ChaChaPoly {

  public static final int KEY_BYTES = 32;
  public static final int TAG_BYTES = 16;

  private static final int NONCE_BYTES = 12;
  private static final int COUNTER_OFFSET = 4;
  private static final byte[] NO_DATA = {};

  private final SecretKeySpec key;
  private final Cipher cipher;
  private final byte[] nonceBytes = new byte[NONCE_BYTES];

  /// A cipher under this key.
  ///
  /// @param key 32 bytes, copied
  public ChaChaPoly(byte[] key) {
    this(key, Library.PROVIDER);
  }

  /// @param provider nothing for the JDK's
  ChaChaPoly(byte[] key, Optional<Provider> provider) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
    }
    this.key = new SecretKeySpec(key, "ChaCha20");
    try {
      this.cipher =
          provider.isPresent()
              ? Cipher.getInstance("ChaCha20/Poly1305/NoPadding", provider.get())
              : Cipher.getInstance("ChaCha20-Poly1305");
    } catch (GeneralSecurityException e) {
      throw new CryptoException("this Java runtime lacks ChaCha20-Poly1305", e);
    }
  }

  /// Encrypts `length` bytes and appends the tag.
  ///
  /// @param nonce never the one of the call before
  /// @param ad associated data, may be empty
  /// @return bytes written: `length` + 16
  public int seal(
      long nonce, byte[] ad, byte[] in, int offset, int length, byte[] out, int outOffset) {
    try {
      return run(Cipher.ENCRYPT_MODE, nonce, ad, in, offset, length, out, outOffset);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not encrypt: " + e.getMessage(), e);
    }
  }

  /// Checks the tag, then decrypts.
  ///
  /// @param length of ciphertext and tag together
  /// @return bytes written: `length` - 16
  /// @throws CryptoException when the tag does not match, or `length` is under 16
  public int open(
      long nonce, byte[] ad, byte[] in, int offset, int length, byte[] out, int outOffset) {
    if (length < TAG_BYTES) {
      throw new CryptoException("a ciphertext of " + length + " bytes has no room for its tag");
    }
    try {
      return run(Cipher.DECRYPT_MODE, nonce, ad, in, offset, length, out, outOffset);
    } catch (AEADBadTagException e) {
      throw new CryptoException("the ciphertext is not authentic", e);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not decrypt: " + e.getMessage(), e);
    }
  }

  /// Whether buffers outside the heap are the fast ones here: a native library copies whole arrays
  /// in and out for each call, while the JDK's own cipher copies what is not in an array.
  public static boolean prefersDirect() {
    return Library.PROVIDER.isPresent();
  }

  /// Encrypts what remains in `in`, with no associated data, and puts it and its tag into `out`;
  /// both positions move. The two may share an array only at the same place.
  ///
  /// @param nonce never the one of the call before
  /// @return bytes written
  public int seal(long nonce, ByteBuffer in, ByteBuffer out) {
    try {
      return run(Cipher.ENCRYPT_MODE, nonce, in, out);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not encrypt: " + e.getMessage(), e);
    }
  }

  /// Encrypts what remains in `head` and then in `tail` as one text, with no associated data, and
  /// puts it and its tag into `out`; all three positions move. For arrays that share nothing.
  ///
  /// @param nonce never the one of the call before
  /// @return bytes written
  public int seal(long nonce, ByteBuffer head, ByteBuffer tail, ByteBuffer out) {
    try {
      init(Cipher.ENCRYPT_MODE, nonce);
      int written = cipher.update(head, out);
      return written + cipher.doFinal(tail, out);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not encrypt: " + e.getMessage(), e);
    }
  }

  /// Checks the tag at the end of `in`, with no associated data, then decrypts into `out`; both
  /// positions move. The two may share an array only at the same place.
  ///
  /// @return bytes written
  /// @throws CryptoException when the tag does not match, or `in` is under 16 bytes
  public int open(long nonce, ByteBuffer in, ByteBuffer out) {
    if (in.remaining() < TAG_BYTES) {
      throw new CryptoException("a ciphertext of " + in.remaining() + " bytes has no tag");
    }
    try {
      return run(Cipher.DECRYPT_MODE, nonce, in, out);
    } catch (AEADBadTagException e) {
      throw new CryptoException("the ciphertext is not authentic", e);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not decrypt: " + e.getMessage(), e);
    }
  }

  private int run(int mode, long nonce, ByteBuffer in, ByteBuffer out)
      throws GeneralSecurityException {
    if (!in.hasArray() || !out.hasArray()) {
      init(mode, nonce);
      return cipher.doFinal(in, out);
    }
    int offset = in.arrayOffset() + in.position();
    int outOffset = out.arrayOffset() + out.position();
    int length = in.remaining();
    int written = run(mode, nonce, NO_DATA, in.array(), offset, length, out.array(), outOffset);
    in.position(in.limit());
    out.position(out.position() + written);
    return written;
  }

  private void init(int mode, long nonce) throws GeneralSecurityException {
    for (int i = 0; i < Long.BYTES; i++) {
      nonceBytes[COUNTER_OFFSET + i] = (byte) (nonce >>> (8 * i));
    }
    cipher.init(mode, key, new IvParameterSpec(nonceBytes));
  }

  private int run(
      int mode, long nonce, byte[] ad, byte[] in, int offset, int length, byte[] out, int outOffset)
      throws GeneralSecurityException {
    init(mode, nonce);
    if (ad.length > 0) {
      cipher.updateAAD(ad);
    }
    return cipher.doFinal(in, offset, length, out, outOffset);
  }

  private static final class Library {
    static final Optional<Provider> PROVIDER = Providers.chaChaPoly();

    private Library() {}
  }
}
