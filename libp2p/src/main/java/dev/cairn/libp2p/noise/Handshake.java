package dev.cairn.libp2p.noise;

import dev.cairn.crypto.CryptoException;
import dev.cairn.crypto.X25519Key;
import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `Noise_XX_25519_ChaChaPoly_SHA256`: three messages, `-> e`, `<- e, ee, s, es`, `-> s, se`, each
/// with a payload. Pure: it reads and writes arrays only.
final class Handshake {

  static final String NAME = "Noise_XX_25519_ChaChaPoly_SHA256";

  private final boolean initiator;
  private final X25519Key staticKey;
  private final X25519Key ephemeral;
  private final SymmetricState symmetric = new SymmetricState(NAME);
  private byte @Nullable [] remoteStatic;
  private byte @Nullable [] remoteEphemeral;
  private int messages;

  /// @param ephemeral used for this handshake alone
  Handshake(boolean initiator, byte[] prologue, X25519Key staticKey, X25519Key ephemeral) {
    this.initiator = initiator;
    this.staticKey = staticKey;
    this.ephemeral = ephemeral;
    symmetric.mixHash(prologue);
  }

  /// The next message, which has to be ours.
  byte[] write(byte[] payload) throws ProtocolException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    switch (messages++) {
      case 0 -> writeEphemeral(message);
      case 1 -> {
        writeEphemeral(message);
        mixEphemerals();
        message.writeBytes(symmetric.encryptAndHash(staticKey.publicKey()));
        mixAgreed(staticKey, known(remoteEphemeral));
      }
      case 2 -> {
        message.writeBytes(symmetric.encryptAndHash(staticKey.publicKey()));
        mixAgreed(staticKey, known(remoteEphemeral));
      }
      default -> throw new IllegalStateException("the handshake is over");
    }
    message.writeBytes(symmetric.encryptAndHash(payload));
    return message.toByteArray();
  }

  /// Reads the peer's next message and returns its payload.
  ///
  /// @throws ProtocolException when it is too short or not authentic, or holds a point of low order
  byte[] read(byte[] message) throws ProtocolException {
    int at = 0;
    switch (messages++) {
      case 0 -> at = readEphemeral(message, at);
      case 1 -> {
        at = readEphemeral(message, at);
        mixEphemerals();
        at = readStatic(message, at);
        mixAgreed(ephemeral, known(remoteStatic));
      }
      case 2 -> {
        at = readStatic(message, at);
        mixAgreed(ephemeral, known(remoteStatic));
      }
      default -> throw new IllegalStateException("the handshake is over");
    }
    return symmetric.decryptAndHash(Arrays.copyOfRange(message, at, message.length));
  }

  private void writeEphemeral(ByteArrayOutputStream message) {
    byte[] key = ephemeral.publicKey();
    symmetric.mixHash(key);
    message.writeBytes(key);
  }

  private int readEphemeral(byte[] message, int offset) throws ProtocolException {
    byte[] key = part(message, offset, X25519Key.BYTES);
    symmetric.mixHash(key);
    remoteEphemeral = key;
    return offset + key.length;
  }

  private int readStatic(byte[] message, int offset) throws ProtocolException {
    byte[] sealed = part(message, offset, X25519Key.BYTES + symmetric.overhead());
    remoteStatic = symmetric.decryptAndHash(sealed);
    return offset + sealed.length;
  }

  private static byte[] part(byte[] message, int offset, int length) throws ProtocolException {
    if (message.length - offset < length) {
      throw NoiseFault.of("a handshake message of " + message.length + " bytes is too short");
    }
    return Arrays.copyOfRange(message, offset, offset + length);
  }

  private void mixEphemerals() throws ProtocolException {
    mixAgreed(ephemeral, known(remoteEphemeral));
  }

  private void mixAgreed(X25519Key own, byte[] remote) throws ProtocolException {
    try {
      symmetric.mixKey(own.agree(remote));
    } catch (CryptoException e) {
      throw NoiseFault.of(e.getMessage(), e);
    }
  }

  private static byte[] known(byte @Nullable [] key) {
    if (key == null) {
      throw new IllegalStateException("the peer's key is not known yet");
    }
    return key;
  }

  /// The X25519 key that the peer has proved to hold, once all three messages are through.
  byte[] remoteStatic() {
    return known(remoteStatic).clone();
  }

  byte[] hash() {
    return symmetric.hash();
  }

  /// The two directions of the channel: what we send with, then what we receive with.
  CipherState[] split() {
    byte[][] keys = symmetric.split();
    CipherState first = new CipherState(keys[0]);
    CipherState second = new CipherState(keys[1]);
    return initiator ? new CipherState[] {first, second} : new CipherState[] {second, first};
  }
}
