package dev.cairn.libp2p.kad;

import dev.cairn.multiformats.Multihash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/// What this node provides, in the order in which it is due to be told again. Owner: its
/// [KadMachine].
final class Provided {

  /// What nobody took is told again after so long: at the start there may be no peers yet.
  static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final StoreParams params;

  /// Both with the time at which each is due; one interval each keeps them in order.
  private final LinkedHashMap<KadKey, Long> dueNanos = new LinkedHashMap<>();

  private final LinkedHashMap<KadKey, Long> retryNanos = new LinkedHashMap<>();

  Provided(StoreParams params) {
    this.params = params;
  }

  /// Notes that a key is being told now; false when there are too many.
  boolean told(KadKey key, long nowNanos) {
    if (!contains(key) && dueNanos.size() + retryNanos.size() >= params.providedMax()) {
      return false;
    }
    remove(key);
    dueNanos.put(key, nowNanos + params.republish().toNanos());
    return true;
  }

  /// Notes that nobody took it.
  void untold(KadKey key, long nowNanos) {
    if (dueNanos.remove(key) != null) {
      retryNanos.put(key, nowNanos + RETRY_NANOS);
    }
  }

  void remove(KadKey key) {
    dueNanos.remove(key);
    retryNanos.remove(key);
  }

  boolean contains(KadKey key) {
    return dueNanos.containsKey(key) || retryNanos.containsKey(key);
  }

  /// The key that is due next, if it is due.
  Optional<KadKey> due(long nowNanos) {
    if (first(retryNanos) <= nowNanos) {
      return Optional.of(retryNanos.firstEntry().getKey());
    }
    return first(dueNanos) <= nowNanos
        ? Optional.of(dueNanos.firstEntry().getKey())
        : Optional.empty();
  }

  long deadlineNanos() {
    return Math.min(first(dueNanos), first(retryNanos));
  }

  private static long first(SequencedMap<KadKey, Long> times) {
    return times.isEmpty() ? Long.MAX_VALUE : times.firstEntry().getValue();
  }

  List<Multihash> keys() {
    List<Multihash> keys = new ArrayList<>();
    dueNanos.keySet().forEach(key -> keys.add(Multihash.decode(key.shared())));
    retryNanos.keySet().forEach(key -> keys.add(Multihash.decode(key.shared())));
    return keys;
  }
}
