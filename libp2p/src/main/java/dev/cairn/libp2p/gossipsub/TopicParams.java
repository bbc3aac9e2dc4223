package dev.cairn.libp2p.gossipsub;

import java.nio.charset.StandardCharsets;

/// What the peers of a topic have agreed on, and what it may cost here.
///
/// @param topic its name, 1 to 256 bytes of UTF-8
/// @param messageBytesMax the longest data of a message that is accepted; longer is rejected
/// @param queueCapacity messages that wait for the subscriber; more are ignored and counted
/// @param ids how its messages are named
public record TopicParams(
    String topic, SignaturePolicy policy, int messageBytesMax, int queueCapacity, MessageIds ids) {

  /// The longest name of a topic that is used here, in bytes.
  public static final int TOPIC_BYTES_MAX = 256;

  public TopicParams {
    int bytes = topic.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > TOPIC_BYTES_MAX) {
      throw new IllegalArgumentException("topic name of " + bytes + " bytes");
    }
    if (messageBytesMax < 0 || messageBytesMax > GossipLimits.MESSAGE_BYTES_MAX) {
      throw new IllegalArgumentException("messages of " + messageBytesMax + " bytes");
    }
    if (queueCapacity < 1) {
      throw new IllegalArgumentException("a queue of " + queueCapacity);
    }
  }
}
