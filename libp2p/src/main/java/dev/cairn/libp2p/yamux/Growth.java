package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.upgrade.UpgradeParams;

/// What the windows of one connection may grow by, and the round trip that decides it.
///
/// Under the connection's lock.
final class Growth {

  /// Half a window read in fewer round trips than this means that the window is too small.
  static final int ROUND_TRIPS = 4;

  private final int windowMax;
  private int budget;
  private long roundTripNanos = -1;

  Growth(UpgradeParams params) {
    this.windowMax = params.windowBytesMax();
    this.budget = params.windowBytesBudget();
  }

  /// A measured round trip. A shorter one counts at once, because a longer one may have waited in a
  /// queue.
  void measured(long nanos) {
    roundTripNanos =
        roundTripNanos < 0 || nanos < roundTripNanos ? nanos : (7 * roundTripNanos + nanos) / 8;
  }

  boolean known() {
    return roundTripNanos >= 0;
  }

  /// How much a window of `target` bytes grows when half of it was read in `elapsedNanos`.
  int grant(int target, long elapsedNanos) {
    if (!known() || elapsedNanos >= ROUND_TRIPS * roundTripNanos) {
      return 0;
    }
    int more = Math.min(Math.min(target, windowMax - target), budget);
    budget -= more;
    return more;
  }

  void giveBack(int bytes) {
    budget += bytes;
  }

  int budget() {
    return budget;
  }
}
