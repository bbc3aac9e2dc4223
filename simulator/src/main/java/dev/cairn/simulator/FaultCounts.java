package dev.cairn.simulator;

import java.util.EnumMap;
import java.util.Map;

/// How often each [Fault] happened.
///
/// Owner: one simulation, then whoever adds it up.
public final class FaultCounts {

  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);

  /// All zero.
  public FaultCounts() {}

  void add(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  void add(FaultCounts others) {
    others.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
  }

  public long get(Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }
}
