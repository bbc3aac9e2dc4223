package dev.cairn.core.consensus.simplex;

import dev.cairn.crypto.Ed25519;

/// How signatures of validators are checked. Must answer alike on all nodes; may remember answers.
@FunctionalInterface
public interface SignatureCheck {

  /// The rules of the protocol.
  SignatureCheck ED25519 = Ed25519::verify;

  boolean verify(byte[] publicKey, byte[] message, byte[] signature);
}
