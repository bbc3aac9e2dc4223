package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import java.util.Optional;

/// Finds where a peer is. Whoever is told of is dialled like any other peer on the way, so an
/// address that answers as that peer ends the look-up, and a wrong one does not.
final class FindPeerGoal implements Goal {

  private final PeerId peer;
  private final KadMessage question;

  FindPeerGoal(PeerId peer) {
    this.peer = peer;
    this.question = KadMessage.ask(KadMessage.Type.FIND_NODE, KadKey.of(peer));
  }

  @Override
  public KadMessage question() {
    return question;
  }

  @Override
  public boolean heard(PeerAddresses from, KadMessage answer, Step step) {
    return from.peer().equals(peer);
  }

  @Override
  public boolean reached(PeerId reached) {
    return reached.equals(peer);
  }

  @Override
  public KadResult result(Lookup lookup, int taken, Step step) {
    Optional<PeerAddresses> heard =
        lookup.heardOf(peer).filter(found -> !found.addresses().isEmpty());
    return new KadResult.Peer(heard);
  }

  /// Without the request to the peer itself.
  @Override
  public int hops(Lookup lookup) {
    return Math.max(0, lookup.hops(peer) - 1);
  }
}
