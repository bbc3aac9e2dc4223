package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// How often one peer is answered: a few times in a row, then once in a while. Guarded by its own
/// lock.
final class AskRates {

  /// Requests that a peer may make at once.
  static final int BURST = 8;

  /// The time in which it gets one more.
  static final Duration REFILL = Duration.ofSeconds(15);

  /// Peers remembered; of more the one that asked first is forgotten.
  static final int PEERS_MAX = 4_096;

  private final ReentrantLock lock = new ReentrantLock();

  /// Peer -> the time at which it will have all of its burst again.
  private final LinkedHashMap<PeerId, Long> full = new LinkedHashMap<>();

  AskRates() {}

  boolean admits(PeerId peer, long nowNanos) {
    lock.lock();
    try {
      long before = Math.max(full.getOrDefault(peer, nowNanos), nowNanos);
      long after = before + REFILL.toNanos();
      if (after - nowNanos > BURST * REFILL.toNanos()) {
        return false;
      }
      full.remove(peer);
      full.put(peer, after);
      Map.Entry<PeerId, Long> first = full.firstEntry();
      if (full.size() > PEERS_MAX || first.getValue() <= nowNanos) {
        full.remove(first.getKey());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
