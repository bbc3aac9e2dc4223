package dev.cairn.node.discovery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after the n-th failure in a row: twice as long each time, of which between half
/// and all, so that a network that was cut does not come back all at once.
///
/// @param first the wait after the first failure
/// @param most the longest wait
record Backoff(Duration first, Duration most) {

  /// Peers that the operator has named, or that are on the local network.
  static final Backoff KNOWN = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  static final Backoff CANDIDATE = new Backoff(Duration.ofSeconds(5), Duration.ofHours(6));

  private static final int DOUBLINGS_MAX = 30;

  long nanos(int failures, RandomGenerator random) {
    int doublings = Math.clamp(failures - 1L, 0, DOUBLINGS_MAX);
    long wait = first.toNanos();
    for (int i = 0; i < doublings && wait < most.toNanos(); i++) {
      wait *= 2;
    }
    long half = Math.min(wait, most.toNanos()) / 2;
    return half + (long) (random.nextDouble() * half);
  }
}
