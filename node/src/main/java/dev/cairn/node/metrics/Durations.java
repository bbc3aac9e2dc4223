package dev.cairn.node.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long something took, counted in steps that are fine for milliseconds and coarse for minutes.
/// Any thread may add and read.
public final class Durations {

  /// Upper bounds in microseconds, the last of them a minute; what takes longer counts beyond it.
  private static final long[] BOUNDS_MICROS =
      Arrays.stream(
              new double[] {
                1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 25, 30, 40, 50, 75, 100,
                150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000
              })
          .mapToLong(millis -> (long) (millis * 1_000))
          .toArray();

  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_MICROS.length + 1);
  private final LongAdder nanos = new LongAdder();

  /// None yet.
  public Durations() {}

  public void add(Duration taken) {
    int step = Arrays.binarySearch(BOUNDS_MICROS, (taken.toNanos() + 999) / 1_000);
    counts.incrementAndGet(step < 0 ? -step - 1 : step);
    nanos.add(taken.toNanos());
  }

  static int steps() {
    return BOUNDS_MICROS.length;
  }

  /// The upper bound of a step, which is part of it.
  static double boundSeconds(int step) {
    return BOUNDS_MICROS[step] / 1e6;
  }

  /// Of one step alone; that of number [#steps] has what took longer than all bounds.
  long count(int step) {
    return counts.get(step);
  }

  double sumSeconds() {
    return nanos.sum() / 1e9;
  }
}
