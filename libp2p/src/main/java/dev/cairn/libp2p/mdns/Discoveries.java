package dev.cairn.libp2p.mdns;

import dev.cairn.libp2p.peer.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A subscription to the peers that are found. A peer that is named again before it is taken waits
/// once, with its newest addresses; beyond [#WAITING_MAX] further peers are dropped, and found
/// again at the next query. Guarded by its own lock.
public final class Discoveries implements AutoCloseable {

  /// The peers that may wait.
  public static final int WAITING_MAX = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<PeerId, DiscoveredPeer> waiting = new LinkedHashMap<>();
  private final Consumer<Discoveries> onClose;
  private boolean closed;

  Discoveries(Consumer<Discoveries> onClose) {
    this.onClose = onClose;
  }

  void offer(DiscoveredPeer peer) {
    lock.lock();
    try {
      if (waiting.containsKey(peer.peer()) || waiting.size() < WAITING_MAX) {
        waiting.put(peer.peer(), peer);
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next peer; empty once the subscription is closed.
  public Optional<DiscoveredPeer> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed) {
        arrived.await();
      }
      if (closed) {
        return Optional.empty();
      }
      PeerId first = waiting.keySet().iterator().next();
      return Optional.ofNullable(waiting.remove(first));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.accept(this);
  }
}
