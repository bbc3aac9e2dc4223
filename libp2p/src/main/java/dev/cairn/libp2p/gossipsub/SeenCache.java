package dev.cairn.libp2p.gossipsub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// The ids of messages that have been seen, so that each is taken once.
///
/// Kept as three generations instead of a time for each id: an id stays for the time to live and at
/// most half as long again, forgetting costs nothing, and an entry takes about 100 bytes. When a
/// generation has a third of the bound the next one begins early. Owner: the machine.
final class SeenCache {

  private static final int GENERATIONS = 3;

  private final Deque<Set<MessageId>> generations = new ArrayDeque<>();
  private final int generationMax;
  private final long generationNanos;
  private long turnsAtNanos;

  SeenCache(long ttlNanos, int max, long startNanos) {
    generationMax = max / GENERATIONS;
    generationNanos = ttlNanos / (GENERATIONS - 1);
    turnsAtNanos = startNanos + generationNanos;
    generations.add(new HashSet<>());
  }

  boolean contains(MessageId id) {
    for (Set<MessageId> generation : generations) {
      if (generation.contains(id)) {
        return true;
      }
    }
    return false;
  }

  /// The id must not be there yet.
  void add(MessageId id, long nanos) {
    if (generations.getFirst().size() >= generationMax) {
      turn(nanos);
    }
    generations.getFirst().add(id);
  }

  void remove(MessageId id) {
    generations.forEach(generation -> generation.remove(id));
  }

  void expire(long nanos) {
    if (nanos >= turnsAtNanos) {
      turn(nanos);
    }
  }

  int size() {
    return generations.stream().mapToInt(Set::size).sum();
  }

  private void turn(long nanos) {
    generations.addFirst(new HashSet<>());
    if (generations.size() > GENERATIONS) {
      generations.removeLast();
    }
    turnsAtNanos = nanos + generationNanos;
  }
}
