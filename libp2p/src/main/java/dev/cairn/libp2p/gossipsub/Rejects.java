package dev.cairn.libp2p.gossipsub;

/// Counts what each peer sent that was rejected, and parts with a peer over the limit.
///
/// This is where peer scoring will attach (gossipsub v1.1, P4 and P7). Owner: the machine.
final class Rejects {

  private final GossipLimits limits;

  Rejects(GossipLimits limits) {
    this.limits = limits;
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
    }
  }
}
