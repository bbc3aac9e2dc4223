package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.swarm.PeerConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells subscribers of connections, each once identify is done with it. Guarded by its own lock,
/// under which nothing foreign is called.
final class PeerEventHub {

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<PeerConnection> live = new HashSet<>();
  private final Map<PeerId, PeerConnection> announced = new LinkedHashMap<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private boolean closed;

  /// A connection is up, but not yet told of.
  void up(PeerConnection connection) {
    lock.lock();
    try {
      live.add(connection);
    } finally {
      lock.unlock();
    }
  }

  /// Identify is done: subscribers may know, unless the connection has gone meanwhile.
  void announce(PeerConnection connection) {
    lock.lock();
    try {
      if (live.contains(connection) && announced.put(connection.peer(), connection) == null) {
        subscriptions.forEach(s -> s.connected(connected(connection)));
      }
    } finally {
      lock.unlock();
    }
  }

  private static PeerEvent.Connected connected(PeerConnection connection) {
    return new PeerEvent.Connected(
        connection.peer(), connection.outbound(), connection.protocols());
  }

  void protocolsChanged(PeerConnection connection) {
    lock.lock();
    try {
      if (announced.get(connection.peer()) == connection) {
        subscriptions.forEach(s -> s.changed(connection.peer(), connection.protocols()));
      }
    } finally {
      lock.unlock();
    }
  }

  void gone(PeerConnection connection) {
    lock.lock();
    try {
      live.remove(connection);
      if (announced.remove(connection.peer(), connection)) {
        subscriptions.forEach(s -> s.disconnected(connection.peer()));
      }
    } finally {
      lock.unlock();
    }
  }

  PeerEvents subscribe() {
    lock.lock();
    try {
      Subscription subscription = new Subscription();
      subscription.closed = closed;
      announced.values().forEach(connection -> subscription.connected(connected(connection)));
      subscriptions.add(subscription);
      return subscription;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      List.copyOf(subscriptions).forEach(Subscription::close);
    } finally {
      lock.unlock();
    }
  }

  /// What one subscriber has not taken yet about one peer: at most a disconnect and a connect.
  private static final class Pending {
    private boolean disconnect;
    private Optional<PeerEvent.Connected> connect = Optional.empty();
    private Optional<PeerEvent.ProtocolsChanged> change = Optional.empty();

    boolean isEmpty() {
      return !disconnect && connect.isEmpty() && change.isEmpty();
    }
  }

  private final class Subscription implements PeerEvents {
    private final Condition arrived = lock.newCondition();
    private final Set<PeerId> told = new HashSet<>();
    private final LinkedHashMap<PeerId, Pending> pending = new LinkedHashMap<>();
    private boolean closed;

    void connected(PeerEvent.Connected event) {
      of(event.peer()).connect = Optional.of(event);
      arrived.signal();
    }

    void changed(PeerId peer, List<String> protocols) {
      Pending waiting = of(peer);
      if (waiting.connect.isPresent()) {
        boolean outbound = waiting.connect.get().outbound();
        waiting.connect = Optional.of(new PeerEvent.Connected(peer, outbound, protocols));
      } else {
        waiting.change = Optional.of(new PeerEvent.ProtocolsChanged(peer, protocols));
      }
      arrived.signal();
    }

    void disconnected(PeerId peer) {
      Pending waiting = of(peer);
      waiting.connect = Optional.empty();
      waiting.change = Optional.empty();
      waiting.disconnect = told.contains(peer);
      if (waiting.isEmpty()) {
        pending.remove(peer);
      }
      arrived.signal();
    }

    private Pending of(PeerId peer) {
      return pending.computeIfAbsent(peer, p -> new Pending());
    }

    @Override
    public Optional<PeerEvent> take() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (pending.isEmpty() && !closed) {
          arrived.await();
        }
        return closed ? Optional.empty() : Optional.of(next(pending.firstEntry()));
      } finally {
        lock.unlock();
      }
    }

    private PeerEvent next(Map.Entry<PeerId, Pending> first) {
      PeerId peer = first.getKey();
      Pending waiting = first.getValue();
      PeerEvent event;
      if (waiting.disconnect) {
        waiting.disconnect = false;
        told.remove(peer);
        event = new PeerEvent.Disconnected(peer);
      } else if (waiting.connect.isPresent()) {
        event = waiting.connect.get();
        waiting.connect = Optional.empty();
        told.add(peer);
      } else {
        event = waiting.change.orElseThrow();
        waiting.change = Optional.empty();
      }
      if (waiting.isEmpty()) {
        pending.remove(peer);
      }
      return event;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        subscriptions.remove(this);
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
