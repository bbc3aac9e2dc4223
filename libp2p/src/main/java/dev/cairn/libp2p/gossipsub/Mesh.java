package dev.cairn.libp2p.gossipsub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Keeps the mesh of each topic (gossipsub v1.0 "Mesh Maintenance", v1.1 "PRUNE Backoff" and
/// "Outbound Mesh Quotas"). Owner: the machine.
final class Mesh {

  private final MeshParams params;
  private final RandomGenerator random;
  private final ControlBatch controls;
  private final GossipMetrics metrics;

  Mesh(MeshParams params, RandomGenerator random, ControlBatch controls, GossipMetrics metrics) {
    this.params = params;
    this.random = random;
    this.controls = controls;
    this.metrics = metrics;
  }

  /// Up to `count` (none when it is not positive) of the peers for which `fits` holds, chosen at
  /// random.
  List<PeerState> choose(Collection<PeerState> from, int count, Predicate<PeerState> fits) {
    if (count <= 0) {
      return List.of();
    }
    List<PeerState> candidates = new ArrayList<>();
    for (PeerState peer : from) {
      if (fits.test(peer)) {
        candidates.add(peer);
      }
    }
    if (candidates.size() <= count) {
      return candidates;
    }
    Collections.shuffle(candidates, random);
    return candidates.subList(0, count);
  }

  /// Fills the mesh of a topic that we begin to take part in, first from those we published to.
  void join(TopicState topic, Step step) {
    List<PeerState> published =
        choose(topic.fanout, params.degree(), p -> mayGraft(topic, p, step));
    topic.fanout.clear();
    published.forEach(peer -> graft(topic, peer));
    fill(topic, step);
  }

  void leave(TopicState topic, Step step) {
    for (PeerState peer : topic.mesh) {
      controls.prune(peer, topic.name(), params.unsubscribeBackoff().toSeconds());
      backOff(topic, peer, params.unsubscribeBackoff().toNanos(), step);
    }
    topic.mesh.clear();
  }

  /// A peer began to take part: it need not wait for the heartbeat where the mesh is thin.
  void subscribed(TopicState topic, PeerState peer, Step step) {
    if (topic.subscribed
        && topic.mesh.size() < params.degreeLow()
        && !topic.mesh.contains(peer)
        && mayGraft(topic, peer, step)) {
      graft(topic, peer);
    }
  }

  void graftReceived(TopicState topic, PeerState peer, Step step) {
    metrics.add(GossipCount.GRAFT_RECEIVED);
    if (topic.mesh.contains(peer) || !topic.peers.contains(peer)) {
      return;
    }
    boolean full = topic.mesh.size() >= params.degreeHigh() && !peer.outbound;
    if (full || topic.backsOff(peer.id, step.nanos())) {
      metrics.add(GossipCount.GRAFT_REFUSED);
      prune(topic, peer, step);
      return;
    }
    topic.mesh.add(peer);
  }

  void pruneReceived(TopicState topic, PeerState peer, long backoffSeconds, Step step) {
    metrics.add(GossipCount.PRUNE_RECEIVED);
    topic.mesh.remove(peer);
    long nanos =
        backoffSeconds == 0 ? params.pruneBackoff().toNanos() : params.backoffMax().toNanos();
    if (backoffSeconds > 0 && backoffSeconds < params.backoffMax().toSeconds()) {
      nanos = backoffSeconds * 1_000_000_000L;
    }
    backOff(topic, peer, nanos, step);
  }

  void heartbeat(TopicState topic, Step step) {
    topic.forgetBackoffs(step.nanos() - params.backoffSlack().toNanos());
    if (!topic.subscribed) {
      return;
    }
    if (topic.mesh.size() < params.degreeLow()) {
      fill(topic, step);
    } else if (topic.mesh.size() > params.degreeHigh()) {
      cut(topic, step);
    }
    if (topic.mesh.size() >= params.degreeLow()) {
      int missing = params.degreeOutbound() - outbound(topic.mesh);
      if (missing > 0) {
        choose(topic.peers, missing, p -> p.outbound && mayJoin(topic, p, step))
            .forEach(peer -> graft(topic, peer));
      }
    }
  }

  private void fill(TopicState topic, Step step) {
    choose(topic.peers, params.degree() - topic.mesh.size(), p -> mayJoin(topic, p, step))
        .forEach(peer -> graft(topic, peer));
  }

  /// Cuts the mesh to D, keeping D_out peers that we dialled where there are so many: those are the
  /// ones that an attacker cannot choose for us.
  private void cut(TopicState topic, Step step) {
    List<PeerState> order = new ArrayList<>(topic.mesh);
    Collections.shuffle(order, random);
    List<PeerState> kept = new ArrayList<>();
    for (PeerState peer : order) {
      if (peer.outbound && kept.size() < params.degreeOutbound()) {
        kept.add(peer);
      }
    }
    for (PeerState peer : order) {
      if (kept.size() < params.degree() && !kept.contains(peer)) {
        kept.add(peer);
      }
    }
    for (PeerState peer : order) {
      if (!kept.contains(peer)) {
        topic.mesh.remove(peer);
        prune(topic, peer, step);
      }
    }
  }

  private static int outbound(Collection<PeerState> peers) {
    int count = 0;
    for (PeerState peer : peers) {
      if (peer.outbound) {
        count++;
      }
    }
    return count;
  }

  private boolean mayJoin(TopicState topic, PeerState peer, Step step) {
    return !topic.mesh.contains(peer) && mayGraft(topic, peer, step);
  }

  private boolean mayGraft(TopicState topic, PeerState peer, Step step) {
    return !topic.backsOff(peer.id, step.nanos() - params.backoffSlack().toNanos());
  }

  private void graft(TopicState topic, PeerState peer) {
    topic.mesh.add(peer);
    controls.graft(peer, topic.name());
  }

  private void prune(TopicState topic, PeerState peer, Step step) {
    controls.prune(peer, topic.name(), params.pruneBackoff().toSeconds());
    backOff(topic, peer, params.pruneBackoff().toNanos(), step);
  }

  private void backOff(TopicState topic, PeerState peer, long nanos, Step step) {
    topic.backOff(peer.id, step.nanos() + nanos, params.backoffsMax());
  }
}
