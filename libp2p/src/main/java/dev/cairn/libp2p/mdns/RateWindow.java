package dev.cairn.libp2p.mdns;

import dev.cairn.machine.Clock;
import java.util.concurrent.TimeUnit;

/// Lets a number of events through each second. One thread.
final class RateWindow {

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int max;
  private final Clock clock;
  private long startNanos;
  private int count;

  RateWindow(int max, Clock clock) {
    this.max = max;
    this.clock = clock;
    this.startNanos = clock.now().nanos();
  }

  boolean admits() {
    long now = clock.now().nanos();
    if (now - startNanos >= WINDOW_NANOS) {
      startNanos = now;
      count = 0;
    }
    return count++ < max;
  }
}
