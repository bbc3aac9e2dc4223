package dev.cairn.libp2p.gossipsub;

import java.time.Duration;

/// What is remembered of messages, and for how long.
///
/// @param heartbeat the time between two heartbeats
/// @param windows heartbeats that a message can be asked for with IWANT
/// @param gossipWindows heartbeats that a message is told of with IHAVE
/// @param cacheBytesMax the messages kept for that, in bytes; the oldest goes first
/// @param seenTtl how long at least a message's id is known as seen
/// @param seenMax ids known as seen; when there are more the oldest are forgotten early
/// @param pendingMax messages that may wait for a verdict
/// @param pendingBytesMax the same in bytes
/// @param verdictMax how long a verdict is waited for
/// @param fanoutTtl how long the peers chosen for publishing to a topic we take no part in are kept
public record HistoryParams(
    Duration heartbeat,
    int windows,
    int gossipWindows,
    long cacheBytesMax,
    Duration seenTtl,
    int seenMax,
    int pendingMax,
    long pendingBytesMax,
    Duration verdictMax,
    Duration fanoutTtl) {

  public static final HistoryParams STANDARD =
      new HistoryParams(
          Duration.ofSeconds(1),
          5,
          3,
          32L << 20,
          Duration.ofSeconds(120),
          300_000,
          8_192,
          64L << 20,
          Duration.ofSeconds(60),
          Duration.ofSeconds(60));

  public HistoryParams {
    if (heartbeat.toMillis() < 1 || gossipWindows < 0 || windows < Math.max(1, gossipWindows)) {
      throw new IllegalArgumentException(
          "heartbeat " + heartbeat + ", windows " + windows + ", of gossip " + gossipWindows);
    }
    if (seenMax < 3 || pendingMax < 1) {
      throw new IllegalArgumentException("seen " + seenMax + ", pending " + pendingMax);
    }
  }
}
