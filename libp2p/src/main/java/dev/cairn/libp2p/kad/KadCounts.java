package dev.cairn.libp2p.kad;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// The counts of one DHT node, or of many in a simulation. Written by the machine's thread and the
/// streams', read by anyone.
public final class KadCounts {

  /// Never changed after construction.
  private final Map<KadCount, LongAdder> counts = new EnumMap<>(KadCount.class);

  public KadCounts() {
    for (KadCount count : KadCount.values()) {
      counts.put(count, new LongAdder());
    }
  }

  public long get(KadCount count) {
    return Objects.requireNonNull(counts.get(count)).sum();
  }

  void add(KadCount count) {
    Objects.requireNonNull(counts.get(count)).increment();
  }

  Map<KadCount, Long> all() {
    Map<KadCount, Long> all = new EnumMap<>(KadCount.class);
    counts.forEach((count, adder) -> all.put(count, adder.sum()));
    return all;
  }
}
