package dev.cairn.libp2p.swarm;

import dev.cairn.libp2p.peer.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connections of a swarm: one to use for each peer, and those that lost to it and still have a
/// moment to live. Tells the owner of each change, in order. Guarded by its own lock.
final class Registry {

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PeerId, PeerConnection> current = new LinkedHashMap<>();
  private final Map<PeerId, List<PeerConnection>> spare = new HashMap<>();
  private final PeerId self;
  private final Duration simultaneous;
  private final SwarmOwner owner;
  private boolean closed;

  Registry(PeerId self, Duration simultaneous, SwarmOwner owner) {
    this.self = self;
    this.simultaneous = simultaneous;
    this.owner = owner;
  }

  /// What became of a connection that came up.
  ///
  /// @param use the connection to use for the peer from now on
  /// @param retired the one that lost, if there were two
  record Admission(PeerConnection use, Optional<PeerConnection> retired) {}

  /// Takes in a new connection; empty when the swarm is closed.
  Optional<Admission> admit(PeerConnection fresh) {
    lock.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      PeerConnection old = current.get(fresh.peer());
      if (old == null) {
        use(fresh);
        return Optional.of(new Admission(fresh, Optional.empty()));
      }
      PeerConnection winner = old.closed() || !keeps(old, fresh) ? fresh : old;
      PeerConnection loser = winner == fresh ? old : fresh;
      spare.computeIfAbsent(fresh.peer(), p -> new ArrayList<>()).add(loser);
      if (winner == fresh) {
        owner.disconnected(old);
        use(fresh);
      }
      return Optional.of(new Admission(winner, Optional.of(loser)));
    } finally {
      lock.unlock();
    }
  }

  private void use(PeerConnection connection) {
    current.put(connection.peer(), connection);
    owner.connected(connection);
  }

  /// Both sides must choose alike, although the two connections may come up in another order there:
  /// of two that were dialled at once in both directions, the one dialled by the smaller peer id
  /// stays; of two in the same direction the first. A connection that is older than any
  /// simultaneous dial can be is given up for the new one: the other side would not have dialled if
  /// it still had it.
  private boolean keeps(PeerConnection old, PeerConnection fresh) {
    if (fresh.openedNanos() - old.openedNanos() > simultaneous.toNanos()) {
      return false;
    }
    if (old.outbound() == fresh.outbound()) {
      return true;
    }
    boolean smaller = self.compareTo(old.peer()) < 0;
    return old.outbound() == smaller;
  }

  /// Forgets a connection that has ended. Where it was the one in use, one that had lost to it
  /// before takes its place.
  void remove(PeerConnection ended) {
    lock.lock();
    try {
      List<PeerConnection> rest = spare.get(ended.peer());
      if (rest != null) {
        rest.remove(ended);
      }
      if (current.get(ended.peer()) == ended) {
        current.remove(ended.peer());
        owner.disconnected(ended);
        promote(rest);
      }
      if (rest != null && rest.isEmpty()) {
        spare.remove(ended.peer());
      }
    } finally {
      lock.unlock();
    }
  }

  private void promote(@Nullable List<PeerConnection> candidates) {
    if (candidates == null || closed) {
      return;
    }
    candidates.stream()
        .filter(candidate -> !candidate.closed())
        .findFirst()
        .ifPresent(
            candidate -> {
              candidates.remove(candidate);
              use(candidate);
            });
  }

  /// Whether the connection lost its place and has not got it back.
  boolean isSpare(PeerConnection connection) {
    lock.lock();
    try {
      return spare.getOrDefault(connection.peer(), List.of()).contains(connection);
    } finally {
      lock.unlock();
    }
  }

  Optional<PeerConnection> get(PeerId peer) {
    lock.lock();
    try {
      return Optional.ofNullable(current.get(peer));
    } finally {
      lock.unlock();
    }
  }

  List<PeerConnection> all() {
    lock.lock();
    try {
      return List.copyOf(current.values());
    } finally {
      lock.unlock();
    }
  }

  /// Takes in no more, and returns every connection there is.
  List<PeerConnection> close() {
    lock.lock();
    try {
      closed = true;
      List<PeerConnection> every = new ArrayList<>(current.values());
      spare.values().forEach(every::addAll);
      return every;
    } finally {
      lock.unlock();
    }
  }
}
