package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.Ed25519PublicKey;
import dev.cairn.libp2p.peer.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names for tests.
final class Peers {

  private Peers() {}

  /// The same peer for the same name.
  static PeerId peer(String name) {
    return PeerId.of(
        new Ed25519PublicKey(Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 32)));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static TopicParams topic(String name) {
    return new TopicParams(
        name, SignaturePolicy.STRICT_NO_SIGN, 1_000_000, 1_000, MessageIds.CONTENT);
  }

  static TopicParams signedTopic(String name) {
    return new TopicParams(
        name, SignaturePolicy.STRICT_SIGN, 1_000_000, 1_000, MessageIds.AUTHOR_AND_NUMBER);
  }
}
