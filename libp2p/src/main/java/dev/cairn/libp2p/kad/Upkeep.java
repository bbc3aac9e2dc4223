package dev.cairn.libp2p.kad;

import dev.cairn.multiformats.Multihash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Keeps the routing table filled (kad-dht, "Bootstrap process") and what this node provides known:
/// look-ups of the own key and of a key in each bucket that nobody looked into lately, and each
/// provider record again before it expires.
///
/// Owner: its [KadMachine].
final class Upkeep {

  /// The highest bucket that is refreshed: finding a key for it takes 2 to its power of hashes, and
  /// the look-up of the own key fills the ones above.
  static final int REFRESHED_PREFIX_MAX = 15;

  /// Look-ups of this part at once.
  private static final int RUNNING_MAX = 3;

  /// A table with few peers asks for more after so long.
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// And not more often than that.
  private static final long SOON_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int KEY_BYTES = 32;

  private final KadParams params;
  private final RoutingTable table;
  private final RandomGenerator random;
  private final Map<Integer, Long> lookedNanos = new LinkedHashMap<>();
  private final Deque<KadKey> due = new ArrayDeque<>();
  private final Set<Long> running = new LinkedHashSet<>();
  private final List<Long> waiting = new ArrayList<>();
  private long nextId;
  private long roundNanos;
  private long selfNanos = Long.MAX_VALUE;
  private Optional<Long> selfLookedNanos = Optional.empty();
  private boolean bucketsToCome;
  private boolean all;

  Upkeep(KadParams params, RoutingTable table, RandomGenerator random, long startNanos) {
    this.params = params;
    this.table = table;
    this.random = random;
    this.roundNanos = startNanos + jittered();
  }

  /// Between nine and eleven tenths, so that nodes started together do not stay together.
  private long jittered() {
    long refresh = params.refresh().toNanos();
    return refresh - refresh / 10 + (long) (random.nextDouble() * 0.2 * refresh);
  }

  /// A peer has come into the table. While it has few, more are looked for.
  void grown(long nowNanos) {
    if (table.size() <= params.table().bucketSize() && selfNanos == Long.MAX_VALUE) {
      long earliest = selfLookedNanos.map(at -> at + SOON_AGAIN_NANOS).orElse(nowNanos);
      selfNanos = Math.max(earliest, nowNanos + SOON_NANOS);
    }
  }

  /// Somebody has looked for a key: its bucket needs no refresh for a while.
  void looked(KadKey target, long nowNanos) {
    lookedNanos.put(table.self().commonPrefix(target), nowNanos);
  }

  /// Begins a round over all buckets, whose end [#finished] tells.
  void bootstrap(long operation) {
    waiting.add(operation);
    all = true;
    round();
  }

  private void round() {
    due.remove(table.self());
    due.addFirst(table.self());
    bucketsToCome = true;
  }

  /// What is due now becomes ready to be taken by [#next].
  void tick(long nowNanos) {
    if (nowNanos >= roundNanos) {
      roundNanos = nowNanos + jittered();
      round();
    } else if (nowNanos >= selfNanos && !due.contains(table.self())) {
      due.addFirst(table.self());
    }
    if (nowNanos >= selfNanos) {
      selfNanos = Long.MAX_VALUE;
    }
  }

  /// The next key to look up, if there is room for another look-up.
  Optional<KadKey> next(long nowNanos) {
    if (running.size() >= RUNNING_MAX) {
      return Optional.empty();
    }
    if (due.isEmpty() && running.isEmpty() && bucketsToCome) {
      bucketsToCome = false;
      buckets(nowNanos);
    }
    KadKey key = due.poll();
    if (key != null && key.equals(table.self())) {
      selfLookedNanos = Optional.of(nowNanos);
    }
    return Optional.ofNullable(key);
  }

  private void buckets(long nowNanos) {
    int deepest = Math.min(table.deepest(), REFRESHED_PREFIX_MAX);
    for (int prefix = 0; prefix <= deepest; prefix++) {
      Long looked = lookedNanos.get(prefix);
      if (all || looked == null || nowNanos - looked >= params.refresh().toNanos()) {
        due.add(keyIn(prefix));
      }
    }
    all = false;
  }

  /// A key, in the form of a peer id, that shares so many bits with ours.
  private KadKey keyIn(int prefix) {
    byte[] digest = new byte[KEY_BYTES];
    while (true) {
      random.nextBytes(digest);
      KadKey key = KadKey.of(Multihash.of(Multihash.SHA2_256, digest));
      if (table.self().commonPrefix(key) == prefix) {
        return key;
      }
    }
  }

  /// A number for one of the machine's own operations.
  long begun() {
    long id = --nextId;
    running.add(id);
    return id;
  }

  void ended(long id) {
    running.remove(id);
  }

  boolean hasRoom() {
    return running.size() < RUNNING_MAX;
  }

  /// Operations whose round is over.
  List<Long> finished() {
    if (waiting.isEmpty() || bucketsToCome || !due.isEmpty() || !running.isEmpty()) {
      return List.of();
    }
    List<Long> done = List.copyOf(waiting);
    waiting.clear();
    return done;
  }

  /// Nobody waits for the round any more.
  void cancel(long operation) {
    waiting.remove(operation);
  }

  long deadlineNanos() {
    return Math.min(roundNanos, selfNanos);
  }
}
