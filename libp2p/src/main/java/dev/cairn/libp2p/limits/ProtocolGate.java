package dev.cairn.libp2p.limits;

import dev.cairn.libp2p.peer.PeerId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the inbound streams of one protocol, in all and for each peer. Guarded by its own lock.
public final class ProtocolGate {

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PeerId, Integer> perPeer = new HashMap<>();
  private final int perPeerMax;
  private final int totalMax;
  private int total;

  public ProtocolGate(int perPeerMax, int totalMax) {
    this.perPeerMax = perPeerMax;
    this.totalMax = totalMax;
  }

  /// Takes a place; false when the peer's or all places are taken. Every true needs one [#leave].
  public boolean enter(PeerId peer) {
    lock.lock();
    try {
      int own = perPeer.getOrDefault(peer, 0);
      if (total >= totalMax || own >= perPeerMax) {
        return false;
      }
      total++;
      perPeer.put(peer, own + 1);
      return true;
    } finally {
      lock.unlock();
    }
  }

  public void leave(PeerId peer) {
    lock.lock();
    try {
      total--;
      perPeer.computeIfPresent(peer, (p, own) -> own == 1 ? null : own - 1);
    } finally {
      lock.unlock();
    }
  }
}
