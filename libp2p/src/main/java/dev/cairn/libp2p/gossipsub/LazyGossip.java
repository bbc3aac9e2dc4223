package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Tells peers outside the mesh what messages there are, and asks them for what was missed
/// (gossipsub v1.0 "Gossip Emission", v1.1 "Adaptive Gossip Dissemination" and "Spam Protection
/// Measures"). Owner: the machine.
final class LazyGossip {

  /// How long an answer to an IWANT is waited for before the message is asked of further peers.
  static final long ANSWER_NANOS = 3_000_000_000L;

  /// Messages asked for at the same time.
  static final int ASKED_MAX = 50_000;

  /// Of how many peers a message was asked, and until when that counts.
  private record Ask(int peers, long untilNanos) {}

  private final GossipParams params;
  private final RandomGenerator random;
  private final ControlBatch controls;
  private final GossipMetrics metrics;
  private final Mesh mesh;
  private final MessageCache cache;
  private final SeenCache seen;
  private final Map<MessageId, Ask> asked = new LinkedHashMap<>();

  LazyGossip(
      GossipParams params,
      RandomGenerator random,
      ControlBatch controls,
      GossipMetrics metrics,
      Mesh mesh,
      MessageCache cache,
      SeenCache seen) {
    this.params = params;
    this.random = random;
    this.controls = controls;
    this.metrics = metrics;
    this.mesh = mesh;
    this.cache = cache;
    this.seen = seen;
  }

  void ihaveReceived(
      PeerState peer, List<Control.IHave> ihaves, Map<String, TopicState> topics, Step step) {
    GossipLimits limits = params.limits();
    int room = limits.idsPerHeartbeatMax() - peer.idsAsked;
    if (++peer.ihaves > limits.ihavesPerHeartbeatMax() || room <= 0) {
      metrics.add(GossipCount.IHAVE_OVER_LIMIT, ihaves.size());
      return;
    }
    Set<MessageId> missed = new LinkedHashSet<>();
    for (Control.IHave ihave : ihaves) {
      TopicState topic = topics.get(ihave.topic());
      if (topic != null && topic.subscribed) {
        for (MessageId id : ihave.ids()) {
          if (!seen.contains(id) && mayAsk(id, step)) {
            missed.add(id);
          }
        }
      }
    }
    if (missed.isEmpty()) {
      return;
    }
    List<MessageId> ids = new ArrayList<>(missed);
    if (ids.size() > room) {
      Collections.shuffle(ids, random);
      ids = ids.subList(0, room);
    }
    peer.idsAsked += ids.size();
    ids.forEach(id -> noteAsk(id, step));
    controls.iwant(peer, ids);
  }

  private boolean mayAsk(MessageId id, Step step) {
    Ask ask = asked.get(id);
    if (ask == null) {
      return asked.size() < ASKED_MAX;
    }
    return ask.untilNanos() <= step.nanos() || ask.peers() < params.limits().asksPerIdMax();
  }

  private void noteAsk(MessageId id, Step step) {
    Ask before = asked.remove(id);
    int peers = before == null || before.untilNanos() <= step.nanos() ? 1 : before.peers() + 1;
    asked.put(id, new Ask(peers, step.nanos() + ANSWER_NANOS));
  }

  void iwantReceived(PeerState peer, List<MessageId> ids, Step step) {
    for (MessageId id : ids) {
      Optional<Message> message = cache.answer(id, peer.id, params.limits().iwantAnswersMax());
      if (message.isEmpty()) {
        metrics.add(GossipCount.IWANT_REFUSED);
        continue;
      }
      metrics.add(GossipCount.IWANT_ANSWERED);
      metrics.add(GossipCount.COPIES_SENT);
      step.out().accept(new GossipEffect.SendMessage(List.of(peer.id), message.get()));
    }
  }

  /// Has the next heartbeat tell those of the mesh of a message that has not been sent to them,
  /// because somebody says that they have it. Those outside may be told like any other.
  ///
  /// @param sender needs not be told
  void owe(TopicState topic, MessageId id, Set<PeerId> to, PeerId sender) {
    for (PeerState peer : topic.mesh) {
      if (to.contains(peer.id) && !peer.id.equals(sender)) {
        peer.owe(topic.name(), id, params.limits().idsPerHeartbeatMax());
      }
    }
  }

  /// Sends IHAVE for the recent messages of each topic, then begins a new window.
  void heartbeat(Collection<TopicState> topics, Step step) {
    Map<String, List<MessageId>> recent = new LinkedHashMap<>();
    Map<PeerId, Integer> told = new LinkedHashMap<>();
    for (TopicState topic : topics) {
      for (PeerState peer : topic.peers) {
        List<MessageId> ids = peer.takeOwed(topic.name());
        if (!ids.isEmpty()) {
          tell(peer, topic, ids, told);
        }
      }
      List<PeerState> peers = listeners(topic);
      if (peers.isEmpty()) {
        continue;
      }
      if (recent.isEmpty()) {
        recent.putAll(cache.recent());
      }
      List<MessageId> ids = recent.getOrDefault(topic.name(), List.of());
      if (!ids.isEmpty()) {
        peers.forEach(peer -> tell(peer, topic, ids, told));
      }
    }
    cache.shift();
    asked.values().removeIf(ask -> ask.untilNanos() <= step.nanos());
  }

  /// The peers outside the mesh that this heartbeat tells, chosen at random.
  private List<PeerState> listeners(TopicState topic) {
    if (!topic.subscribed && topic.fanout.isEmpty()) {
      return List.of();
    }
    int outside = topic.peers.size() - topic.mesh.size() - topic.fanout.size();
    int count = Math.max(params.lazyDegree(), (int) (params.gossipFactor() * outside));
    return mesh.choose(
        topic.peers, count, p -> !topic.mesh.contains(p) && !topic.fanout.contains(p));
  }

  private void tell(
      PeerState peer, TopicState topic, List<MessageId> ids, Map<PeerId, Integer> told) {
    int before = told.getOrDefault(peer.id, 0);
    int room = params.limits().idsPerHeartbeatMax() - before;
    if (room <= 0) {
      return;
    }
    List<MessageId> chosen = ids;
    if (ids.size() > room) {
      // Another choice for each peer, so that together they learn of everything.
      chosen = new ArrayList<>(ids);
      Collections.shuffle(chosen, random);
      chosen = chosen.subList(0, room);
    }
    told.put(peer.id, before + chosen.size());
    controls.ihave(peer, topic.name(), chosen);
  }

  int askedCount() {
    return asked.size();
  }
}
