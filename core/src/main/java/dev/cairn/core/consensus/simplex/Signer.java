package dev.cairn.core.consensus.simplex;

import dev.cairn.crypto.Ed25519Key;

/// The holder of a validator's key: on a node an Ed25519 key, in a simulation of thousands of
/// validators something cheaper.
public interface Signer {

  /// 32 bytes.
  byte[] publicKey();

  /// 64 bytes.
  byte[] sign(byte[] message);

  static Signer of(Ed25519Key key) {
    return new Signer() {
      @Override
      public byte[] publicKey() {
        return key.publicKey();
      }

      @Override
      public byte[] sign(byte[] message) {
        return key.sign(message);
      }
    };
  }
}
