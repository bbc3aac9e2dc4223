package dev.cairn.libp2p.limits;

import dev.cairn.libp2p.peer.PeerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the inbound streams of one protocol, in all and for each peer. Guarded by its own lock.
///
/// A peer holds its answer a moment before the stream that brought it has ended here, and may ask
/// again at once: so a stream over the limit waits a little for a place. No more of them wait for a
/// peer than it has places.
public final class ProtocolGate {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private final Map<PeerId, Integer> waiting = new HashMap<>();
  private final Map<PeerId, Integer> perPeer = new HashMap<>();
  private final int perPeerMax;
  private final int totalMax;
  private int total;

  public ProtocolGate(int perPeerMax, int totalMax) {
    this.perPeerMax = perPeerMax;
    this.totalMax = totalMax;
  }

  /// Takes a place; false when the peer's or all places are taken and none is free within
  /// `patience`, or enough wait already. Every true needs one [#leave].
  public boolean enter(PeerId peer, Duration patience) {
    lock.lock();
    try {
      return take(peer) || (await(peer, patience.toNanos()) && take(peer));
    } finally {
      lock.unlock();
    }
  }

  private boolean take(PeerId peer) {
    if (isFull(peer)) {
      return false;
    }
    total++;
    perPeer.merge(peer, 1, Integer::sum);
    return true;
  }

  private boolean isFull(PeerId peer) {
    return total >= totalMax || perPeer.getOrDefault(peer, 0) >= perPeerMax;
  }

  private boolean await(PeerId peer, long nanos) {
    if (waiting.getOrDefault(peer, 0) >= perPeerMax) {
      return false;
    }
    waiting.merge(peer, 1, Integer::sum);
    try {
      long rest = nanos;
      while (isFull(peer) && rest > 0) {
        rest = left.awaitNanos(rest);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      decrement(waiting, peer);
    }
  }

  /// Gives a place back.
  public void leave(PeerId peer) {
    lock.lock();
    try {
      total--;
      decrement(perPeer, peer);
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void decrement(Map<PeerId, Integer> counts, PeerId peer) {
    counts.computeIfPresent(peer, (p, count) -> count == 1 ? null : count - 1);
  }
}
