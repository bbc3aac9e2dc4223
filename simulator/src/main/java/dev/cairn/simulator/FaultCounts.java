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

  /// Keeps the lower of both counts of each kind; a kind that one of them lacks has 0.
  void lower(FaultCounts others) {
    for (Fault fault : Fault.values()) {
      counts.put(fault, Math.min(get(fault), others.get(fault)));
    }
  }

  public long get(Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }
}
