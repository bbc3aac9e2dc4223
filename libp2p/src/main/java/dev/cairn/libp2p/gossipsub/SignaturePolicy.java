package dev.cairn.libp2p.gossipsub;

/// What the messages of a topic have to prove of their author (libp2p pubsub, "Message signing").
public enum SignaturePolicy {
  /// Author, sequence number and signature are there and fit; anything else is rejected.
  STRICT_SIGN,
  /// None of author, sequence number, signature and key is there: for what is signed inside.
  STRICT_NO_SIGN
}
