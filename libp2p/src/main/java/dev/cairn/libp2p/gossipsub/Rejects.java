package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts what each peer sent that was rejected, and parts with a peer over the limit.
///
/// A count outlives the peer's stay, so that coming back makes nothing undone. This is where peer
/// scoring will attach (gossipsub v1.1, P4 and P7). Owner: the machine.
final class Rejects {

  /// Peers whose counts are kept after they left; the oldest goes first.
  static final int DEPARTED_MAX = 1_024;

  private final GossipLimits limits;
  private final Map<PeerId, Integer> departed = new LinkedHashMap<>();

  Rejects(GossipLimits limits) {
    this.limits = limits;
  }

  void joined(PeerState peer, Step step) {
    Integer before = departed.remove(peer.id);
    if (before != null) {
      peer.rejects = before;
      if (before > limits.rejectsMax()) {
        step.out()
            .accept(
                new GossipEffect.Disconnect(
                    peer.id, "sent " + before + " invalid messages a short while ago"));
      }
    }
  }

  void left(PeerState peer) {
    if (peer.rejects == 0) {
      return;
    }
    departed.put(peer.id, peer.rejects);
    if (departed.size() > DEPARTED_MAX) {
      Iterator<PeerId> oldest = departed.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  void add(PeerState peer, String reason, Step step) {
    peer.rejects++;
    step.out().accept(new GossipEffect.Rejected(peer.id, reason, peer.rejects));
    // Once only: until the peer is gone, more of the same changes nothing.
    if (peer.rejects == limits.rejectsMax() + 1) {
      step.out()
          .accept(
              new GossipEffect.Disconnect(
                  peer.id, "sent " + peer.rejects + " invalid messages, the last: " + reason));
    }
  }

  /// Begins a new window where one is over.
  void heartbeat(Iterable<PeerState> peers, long number) {
    if (number % limits.rejectsHeartbeats() == 0) {
      peers.forEach(peer -> peer.rejects = 0);
      departed.clear();
    }
  }
}
