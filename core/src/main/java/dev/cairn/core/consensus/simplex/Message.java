package dev.cairn.core.consensus.simplex;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;

/// What validators tell one another: a proposal, a vote or a certificate. The shapes differ, so no
/// tag is needed: a proposal has two items, a vote's second is an integer, a certificate's is
/// bytes.
public sealed interface Message permits Proposal, Vote, Certificate {

  /// Bytes of the largest message: the certificate of the largest set.
  int BYTES_MAX = 256 + ValidatorSet.SIZE_MAX * 64;

  long epoch();

  long slot();

  byte[] encode();

  /// @throws MalformedException when the bytes are not exactly one message; signatures are not
  ///   checked here
  static Message decode(byte[] encoded) {
    if (encoded.length > BYTES_MAX) {
      throw new MalformedException("a consensus message of " + encoded.length + " bytes");
    }
    CborReader shape = new CborReader(encoded);
    if (shape.array() == 2) {
      return Proposal.decode(encoded);
    }
    shape.item();
    return shape.peek() == CborReader.Type.UINT
        ? Vote.decode(encoded)
        : Certificate.decode(encoded);
  }
}
