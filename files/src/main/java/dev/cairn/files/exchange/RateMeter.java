package dev.cairn.files.exchange;

/// Bytes per second over the last few seconds. One thread at a time.
final class RateMeter {

  private static final long SLOT_NANOS = 250_000_000;
  private static final int SLOTS = 12;

  private final long[] bytes = new long[SLOTS];
  private final long began;
  private long slot;

  RateMeter(long nowNanos) {
    this.began = nowNanos;
  }

  void add(long count, long nowNanos) {
    turn(nowNanos);
    bytes[(int) (slot % SLOTS)] += count;
  }

  long perSecond(long nowNanos) {
    turn(nowNanos);
    long sum = 0;
    for (long some : bytes) {
      sum += some;
    }
    long passed = nowNanos - began;
    long span = Math.min(passed, (SLOTS - 1) * SLOT_NANOS + passed % SLOT_NANOS);
    return span <= 0 ? 0 : (long) (sum * 1e9 / span);
  }

  private void turn(long nowNanos) {
    long current = (nowNanos - began) / SLOT_NANOS;
    for (long next = Math.max(slot + 1, current - SLOTS + 1); next <= current; next++) {
      bytes[(int) (next % SLOTS)] = 0;
    }
    slot = Math.max(slot, current);
  }
}
