package dev.cairn.libp2p.kad;

import dev.cairn.multiformats.Multihash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What this node provides, in the order in which it is due to be told. Owner: its [KadMachine].
///
/// A node that has just started knows few peers or none. What fewer peers took than should is
/// therefore told again whenever the routing table has twice as many: in all only a few times,
/// since with k peers in it there are enough.
final class Provided {

  /// What nobody took is told again after so long.
  static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /// And so long after the table has grown enough: peers seldom come alone.
  static final long GROWN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// @param number makes them different, and keeps the order of those due at one time
  private record Due(long nanos, long number) implements Comparable<Due> {
    private static final Comparator<Due> ORDER =
        Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number);

    @Override
    public int compareTo(Due other) {
      return ORDER.compare(this, other);
    }
  }

  private final StoreParams params;
  private final LinkedHashMap<KadKey, Due> dueOf = new LinkedHashMap<>();
  private final TreeMap<Due, KadKey> queue = new TreeMap<>();

  /// What too few took, with the size of the routing table at that time.
  private final LinkedHashMap<KadKey, Integer> thin = new LinkedHashMap<>();

  /// The smallest table with which any of those is told again.
  private int thinUntil = Integer.MAX_VALUE;

  private long numbers;

  Provided(StoreParams params) {
    this.params = params;
  }

  /// Takes in a key that is to be told at once; false when there are too many.
  boolean add(KadKey key, long nowNanos) {
    if (!contains(key) && dueOf.size() >= params.providedMax()) {
      return false;
    }
    schedule(key, nowNanos);
    return true;
  }

  /// Notes that a key is being told now; false when there are too many.
  boolean told(KadKey key, long nowNanos) {
    if (!add(key, nowNanos)) {
      return false;
    }
    schedule(key, nowNanos + params.republish().toNanos());
    return true;
  }

  /// Notes how many peers took what was told.
  ///
  /// @param wanted how many should
  /// @param tableSize peers in the routing table when it began
  void taken(KadKey key, int peers, int wanted, int tableSize, long nowNanos) {
    if (!contains(key)) {
      return;
    }
    thin.remove(key);
    if (peers < wanted) {
      thin.put(key, tableSize);
      thinUntil = Math.min(thinUntil, enough(tableSize));
    }
    if (peers == 0) {
      schedule(key, nowNanos + RETRY_NANOS);
    }
  }

  private static int enough(int tableSize) {
    return Math.max(1, 2 * tableSize);
  }

  /// The routing table has more peers than before.
  void grown(int tableSize, long nowNanos) {
    if (tableSize < thinUntil) {
      return;
    }
    thinUntil = Integer.MAX_VALUE;
    for (Map.Entry<KadKey, Integer> entry : List.copyOf(thin.entrySet())) {
      int enough = enough(entry.getValue());
      if (tableSize < enough) {
        thinUntil = Math.min(thinUntil, enough);
      } else {
        thin.remove(entry.getKey());
        Due due = dueOf.get(entry.getKey());
        if (due != null && due.nanos() > nowNanos + GROWN_NANOS) {
          schedule(entry.getKey(), nowNanos + GROWN_NANOS);
        }
      }
    }
  }

  private void schedule(KadKey key, long nanos) {
    Due due = new Due(nanos, ++numbers);
    Due before = dueOf.put(key, due);
    if (before != null) {
      queue.remove(before);
    }
    queue.put(due, key);
  }

  void remove(KadKey key) {
    thin.remove(key);
    Due due = dueOf.remove(key);
    if (due != null) {
      queue.remove(due);
    }
  }

  boolean contains(KadKey key) {
    return dueOf.containsKey(key);
  }

  /// The key that is due next, if it is due.
  Optional<KadKey> due(long nowNanos) {
    return deadlineNanos() <= nowNanos
        ? Optional.of(queue.firstEntry().getValue())
        : Optional.empty();
  }

  long deadlineNanos() {
    return queue.isEmpty() ? Long.MAX_VALUE : queue.firstKey().nanos();
  }

  List<Multihash> keys() {
    List<Multihash> keys = new ArrayList<>();
    dueOf.keySet().forEach(key -> keys.add(Multihash.decode(key.shared())));
    return keys;
  }
}
