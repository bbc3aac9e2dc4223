package dev.cairn.libp2p.kad;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// The figures of a DHT node at one moment.
///
/// @param peers in the routing table
/// @param provided keys that this node provides
/// @param providerRecords provider records kept for others
/// @param valueRecords value records kept
/// @param lookups look-ups that run or wait
/// @param counts each since the start
public record KadMetrics(
    int peers,
    int provided,
    int providerRecords,
    int valueRecords,
    int lookups,
    Map<KadCount, Long> counts) {

  public KadMetrics {
    counts = Collections.unmodifiableMap(new EnumMap<>(counts));
  }

  public long get(KadCount count) {
    return counts.getOrDefault(count, 0L);
  }
}
