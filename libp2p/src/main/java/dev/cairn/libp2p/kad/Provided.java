package dev.cairn.libp2p.kad;

import dev.cairn.multiformats.Multihash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What this node provides, in the order in which it is due to be told again. Owner: its
/// [KadMachine].
final class Provided {

  private final StoreParams params;
  private final LinkedHashMap<KadKey, Long> dueNanos = new LinkedHashMap<>();

  Provided(StoreParams params) {
    this.params = params;
  }

  /// Notes that a key is being told now; false when there are too many.
  boolean told(KadKey key, long nowNanos) {
    if (!dueNanos.containsKey(key) && dueNanos.size() >= params.providedMax()) {
      return false;
    }
    dueNanos.remove(key);
    dueNanos.put(key, nowNanos + params.republish().toNanos());
    return true;
  }

  void remove(KadKey key) {
    dueNanos.remove(key);
  }

  boolean contains(KadKey key) {
    return dueNanos.containsKey(key);
  }

  /// The key that is due next, if it is due.
  Optional<KadKey> due(long nowNanos) {
    return deadlineNanos() <= nowNanos
        ? Optional.of(dueNanos.firstEntry().getKey())
        : Optional.empty();
  }

  long deadlineNanos() {
    return dueNanos.isEmpty() ? Long.MAX_VALUE : dueNanos.firstEntry().getValue();
  }

  List<Multihash> keys() {
    List<Multihash> keys = new ArrayList<>();
    dueNanos.keySet().forEach(key -> keys.add(Multihash.decode(key.shared())));
    return keys;
  }
}
