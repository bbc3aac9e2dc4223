package dev.cairn.libp2p.noise;

import dev.cairn.crypto.ChaChaPoly;
import dev.cairn.crypto.Hkdf;
import dev.cairn.crypto.Sha256;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The chaining key and the transcript hash of a handshake (Noise revision 34, section 5.2).
final class SymmetricState {

  private byte[] chainingKey;
  private byte[] hash;
  private @Nullable CipherState cipher;

  /// @param protocolName at most 32 bytes of ASCII
  SymmetricState(String protocolName) {
    hash = Arrays.copyOf(protocolName.getBytes(StandardCharsets.US_ASCII), Sha256.BYTES);
    chainingKey = hash;
  }

  void mixHash(byte[] data) {
    hash = Sha256.digest(hash, data);
  }

  void mixKey(byte[] secret) {
    byte[][] keys = Hkdf.noise(chainingKey, secret, 2);
    chainingKey = keys[0];
    cipher = new CipherState(keys[1]);
  }

  /// The ciphertext once there is a key, before that the plaintext.
  byte[] encryptAndHash(byte[] plaintext) throws ProtocolException {
    CipherState current = cipher;
    if (current == null) {
      mixHash(plaintext);
      return plaintext;
    }
    byte[] sealed = Arrays.copyOf(plaintext, plaintext.length + ChaChaPoly.TAG_BYTES);
    current.seal(hash, sealed, 0, plaintext.length);
    mixHash(sealed);
    return sealed;
  }

  /// @throws ProtocolException when it is not authentic
  byte[] decryptAndHash(byte[] ciphertext) throws ProtocolException {
    CipherState current = cipher;
    if (current == null) {
      mixHash(ciphertext);
      return ciphertext;
    }
    byte[] opened = ciphertext.clone();
    int length = current.open(hash, opened, 0, opened.length);
    mixHash(ciphertext);
    return Arrays.copyOf(opened, length);
  }

  /// The bytes that encryption adds to a message now.
  int overhead() {
    return cipher == null ? 0 : ChaChaPoly.TAG_BYTES;
  }

  /// The keys of the two directions, the initiator's first.
  byte[][] split() {
    return Hkdf.noise(chainingKey, new byte[0], 2);
  }

  byte[] hash() {
    return hash.clone();
  }
}
