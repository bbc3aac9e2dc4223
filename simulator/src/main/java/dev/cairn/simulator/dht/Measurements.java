package dev.cairn.simulator.dht;

import dev.cairn.libp2p.kad.KadEffect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Look-ups of one kind. Owner: one [DhtRun].
final class Measurements {

  private final String name;
  private final List<Integer> hops = new ArrayList<>();
  private final List<Integer> requests = new ArrayList<>();
  private final List<Long> millis = new ArrayList<>();
  private int asked;
  private int found;

  Measurements(String name) {
    this.name = name;
  }

  void add(boolean success, KadEffect.Done done, long nanos) {
    asked++;
    if (success) {
      found++;
      hops.add(done.hops());
      requests.add(done.requests());
      millis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
    }
  }

  DhtReport.Kind kind() {
    return new DhtReport.Kind(
        name,
        asked,
        found,
        part(hops, 50, 0),
        part(hops, 99, 0),
        part(requests, 50, 0),
        part(requests, 99, 0),
        part(millis, 50, 0L),
        part(millis, 99, 0L));
  }

  /// The percentile of values, which are sorted for it.
  static <T extends Comparable<T>> T part(List<T> values, int percent, T none) {
    if (values.isEmpty()) {
      return none;
    }
    Collections.sort(values);
    return values.get(Math.min(values.size() - 1, values.size() * percent / 100));
  }
}
