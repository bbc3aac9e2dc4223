package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The control messages of one step, gathered so that each peer gets them in one RPC. Owner: the
/// machine.
final class ControlBatch {

  private static final class Parts {
    final List<Control.IHave> ihave = new ArrayList<>(0);
    final List<MessageId> iwant = new ArrayList<>(0);
    final List<String> graft = new ArrayList<>(0);
    final List<Control.Prune> prune = new ArrayList<>(0);
    final List<MessageId> idontwant = new ArrayList<>(0);
  }

  private final Map<PeerId, Parts> peers = new LinkedHashMap<>();
  private final GossipMetrics metrics;

  ControlBatch(GossipMetrics metrics) {
    this.metrics = metrics;
  }

  private Parts of(PeerState peer) {
    return peers.computeIfAbsent(peer.id, id -> new Parts());
  }

  void ihave(PeerState peer, String topic, List<MessageId> ids) {
    of(peer).ihave.add(new Control.IHave(topic, ids));
    metrics.add(GossipCount.IHAVE_SENT);
  }

  void iwant(PeerState peer, List<MessageId> ids) {
    of(peer).iwant.addAll(ids);
    metrics.add(GossipCount.IWANT_SENT);
  }

  void graft(PeerState peer, String topic) {
    of(peer).graft.add(topic);
    metrics.add(GossipCount.GRAFT_SENT);
  }

  void prune(PeerState peer, String topic, long backoffSeconds) {
    of(peer).prune.add(new Control.Prune(topic, backoffSeconds));
    metrics.add(GossipCount.PRUNE_SENT);
  }

  void idontwant(PeerState peer, MessageId id) {
    of(peer).idontwant.add(id);
    metrics.add(GossipCount.IDONTWANT_SENT);
  }

  /// Drops what is gathered for a peer that left.
  void remove(PeerId peer) {
    peers.remove(peer);
  }

  void flush(Step step) {
    if (peers.isEmpty()) {
      return;
    }
    peers.forEach(
        (peer, parts) ->
            step.out()
                .accept(
                    new GossipEffect.SendControl(
                        peer,
                        new Control(
                            parts.ihave, parts.iwant, parts.graft, parts.prune, parts.idontwant))));
    peers.clear();
  }
}
