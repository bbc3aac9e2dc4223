package dev.cairn.files.bitswap;

import java.time.Duration;

/// What a peer may do with the streams that it opens.
///
/// @param streamsPerPeer at once; js peers open a stream for each message
/// @param streams at once, of all peers
/// @param interval of waiting for a peer within a message, in which at least `bytesMin` have to
///   come; time in which this side does not read does not count
/// @param bytesMin less than this, and not the end of the message either, and the peer is let go
/// @param idle a stream on which nothing is said for this long is reset
/// @param unexpectedBytesMax the bytes of blocks that a peer may send when it owes none, such as
///   those that were on their way when all was cancelled; more and it is let go
public record InboundLimits(
    int streamsPerPeer,
    int streams,
    Duration interval,
    int bytesMin,
    Duration idle,
    long unexpectedBytesMax) {

  public static final InboundLimits STANDARD =
      new InboundLimits(
          32, 1_024, Duration.ofSeconds(30), 1 << 10, Duration.ofMinutes(2), 128 << 20);

  public InboundLimits {
    if (streamsPerPeer < 1 || streams < 1 || interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("limits that let no stream in");
    }
  }

  /// The same with other numbers of streams.
  public InboundLimits withStreams(int perPeer, int all) {
    return new InboundLimits(perPeer, all, interval, bytesMin, idle, unexpectedBytesMax);
  }

  /// The same with other patience.
  public InboundLimits withPatience(Duration otherInterval, Duration otherIdle) {
    return new InboundLimits(
        streamsPerPeer, streams, otherInterval, bytesMin, otherIdle, unexpectedBytesMax);
  }

  /// The same with another limit on what was not asked for.
  public InboundLimits withUnexpected(long bytesMax) {
    return new InboundLimits(streamsPerPeer, streams, interval, bytesMin, idle, bytesMax);
  }
}
