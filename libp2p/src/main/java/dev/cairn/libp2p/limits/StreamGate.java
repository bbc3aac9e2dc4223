package dev.cairn.libp2p.limits;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts what is open against a bound, without a lock: streams of a host, of a peer, of a
/// protocol.
public final class StreamGate {

  private final AtomicInteger open = new AtomicInteger();
  private final int max;

  public StreamGate(int max) {
    this.max = max;
  }

  /// Takes a place; false when all are taken. Every true needs one [#leave].
  public boolean enter() {
    int now = open.get();
    while (now < max) {
      if (open.compareAndSet(now, now + 1)) {
        return true;
      }
      now = open.get();
    }
    return false;
  }

  public void leave() {
    open.decrementAndGet();
  }

  public int open() {
    return open.get();
  }
}
