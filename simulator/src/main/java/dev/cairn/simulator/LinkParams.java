package dev.cairn.simulator;

import java.time.Duration;

/// How one direction of a link treats messages. Jitter reorders them: each is drawn on its own.
///
/// @param latency the least time under way
/// @param jitter at most this is added, evenly spread
/// @param dropPerMille of 1,000 messages, how many vanish
/// @param duplicatePerMille of 1,000 messages, how many arrive twice
public record LinkParams(
    Duration latency, Duration jitter, int dropPerMille, int duplicatePerMille) {

  public LinkParams {
    if (dropPerMille < 0 || dropPerMille > 1000 || duplicatePerMille < 0) {
      throw new IllegalArgumentException("drop " + dropPerMille + " of 1,000");
    }
  }

  /// A local network: 1 to 2 ms and no loss.
  public static LinkParams lan() {
    return new LinkParams(Duration.ofMillis(1), Duration.ofMillis(1), 0, 0);
  }

  /// A bad day: 5 to 100 ms, one message in ten lost, one in twenty doubled.
  public static LinkParams lossy() {
    return new LinkParams(Duration.ofMillis(5), Duration.ofMillis(95), 100, 50);
  }
}
