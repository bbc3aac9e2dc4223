package dev.cairn.libp2p.noise;

import dev.cairn.crypto.ChaChaPoly;
import dev.cairn.crypto.CryptoException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// One direction of a Noise channel: a key and the counter that never repeats (Noise revision 34,
/// section 5.1). One thread at a time.
final class CipherState {

  /// The counter value that Noise reserves; a channel that reaches it is at its end.
  private static final long NONCE_END = -1;

  private final ChaChaPoly cipher;
  private long nonce;

  CipherState(byte[] key) {
    this(key, 0);
  }

  /// @param nonce the first counter value, unsigned
  CipherState(byte[] key, long nonce) {
    this.cipher = new ChaChaPoly(key);
    this.nonce = nonce;
  }

  /// Encrypts where the plaintext lies and puts the tag behind it; returns the bytes of both.
  ///
  /// @throws ProtocolException when the counter is at its end
  int seal(byte[] data, byte[] buffer, int offset, int length) throws ProtocolException {
    return cipher.seal(next(), data, buffer, offset, length, buffer, offset);
  }

  /// Decrypts where the ciphertext lies; returns the bytes of plaintext.
  ///
  /// @param length of ciphertext and tag
  /// @throws ProtocolException when it is not authentic, or the counter is at its end
  int open(byte[] data, byte[] buffer, int offset, int length) throws ProtocolException {
    try {
      return cipher.open(next(), data, buffer, offset, length, buffer, offset);
    } catch (CryptoException e) {
      throw NoiseFault.of(e.getMessage(), e);
    }
  }

  /// Encrypts what remains in `in` into `out`, tag included; both positions move.
  int seal(ByteBuffer in, ByteBuffer out) throws ProtocolException {
    return cipher.seal(next(), in, out);
  }

  /// Encrypts `head` and `tail` as one text, as [ChaChaPoly] does.
  int seal(ByteBuffer head, ByteBuffer tail, ByteBuffer out) throws ProtocolException {
    return cipher.seal(next(), head, tail, out);
  }

  /// Decrypts what remains in `in` into `out`; both positions move.
  int open(ByteBuffer in, ByteBuffer out) throws ProtocolException {
    try {
      return cipher.open(next(), in, out);
    } catch (CryptoException e) {
      throw NoiseFault.of(e.getMessage(), e);
    }
  }

  private long next() throws ProtocolException {
    if (nonce == NONCE_END) {
      throw NoiseFault.of("the nonces of the channel are used up");
    }
    return nonce++;
  }
}
