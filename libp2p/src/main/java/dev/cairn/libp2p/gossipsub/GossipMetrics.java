package dev.cairn.libp2p.gossipsub;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// The counts of one gossipsub. Written by the machine's thread and the streams', read by anyone.
public final class GossipMetrics {

  /// Never changed after construction.
  private final Map<GossipCount, LongAdder> counts = new EnumMap<>(GossipCount.class);

  public GossipMetrics() {
    for (GossipCount count : GossipCount.values()) {
      counts.put(count, new LongAdder());
    }
  }

  public long get(GossipCount count) {
    return adder(count).sum();
  }

  void add(GossipCount count) {
    adder(count).increment();
  }

  void add(GossipCount count, long times) {
    adder(count).add(times);
  }

  private LongAdder adder(GossipCount count) {
    return Objects.requireNonNull(counts.get(count));
  }
}
