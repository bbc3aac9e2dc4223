package dev.cairn.libp2p.swarm;

import dev.cairn.libp2p.limits.Limits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Chooses which connections to close when there are more than the high water: never one of a
/// protected peer or one that has just come up; those with the fewest streams first, inbound before
/// outbound (whom we chose ourselves is harder to crowd out), the newest before the oldest.
public final class Pruner {

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PeerId, Set<String>> protectedPeers = new HashMap<>();
  private final Limits limits;
  private final Clock clock;

  Pruner(Limits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /// Keeps a peer until [#unprotect] with the same tag.
  public void protect(PeerId peer, String tag) {
    lock.lock();
    try {
      protectedPeers.computeIfAbsent(peer, p -> new HashSet<>()).add(tag);
    } finally {
      lock.unlock();
    }
  }

  public void unprotect(PeerId peer, String tag) {
    lock.lock();
    try {
      protectedPeers.computeIfPresent(
          peer,
          (p, tags) -> {
            tags.remove(tag);
            return tags.isEmpty() ? null : tags;
          });
    } finally {
      lock.unlock();
    }
  }

  private Set<PeerId> keep() {
    lock.lock();
    try {
      return Set.copyOf(protectedPeers.keySet());
    } finally {
      lock.unlock();
    }
  }

  List<PeerConnection> leastUseful(List<PeerConnection> connections) {
    if (connections.size() <= limits.highWater()) {
      return List.of();
    }
    Set<PeerId> keep = keep();
    long now = clock.now().nanos();
    return connections.stream()
        .filter(connection -> !keep.contains(connection.peer()))
        .filter(connection -> now - connection.openedNanos() >= limits.grace().toNanos())
        .sorted(
            Comparator.<PeerConnection>comparingInt(connection -> connection.streams().get())
                .thenComparing(PeerConnection::outbound)
                .thenComparing(PeerConnection::openedNanos, Comparator.reverseOrder()))
        .limit(connections.size() - limits.lowWater())
        .toList();
  }
}
