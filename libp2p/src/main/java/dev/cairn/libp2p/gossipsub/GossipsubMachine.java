package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The gossipsub router, v1.0 to v1.2, as a pure machine: it takes inputs and says what to send, to
/// deliver and whom to part with.
///
/// Peer exchange is neither offered nor followed, and peers are not scored yet. The same inputs at
/// the same times with the same random numbers give the same effects.
///
/// Owner: the one thread that steps it.
public final class GossipsubMachine implements Machine<GossipInput, GossipEffect> {

  private final GossipParams params;
  private final GossipMetrics metrics;
  private final Map<PeerId, PeerState> peers = new LinkedHashMap<>();
  private final Map<String, TopicState> topics = new LinkedHashMap<>();
  private final ControlBatch controls;
  private final SeenCache seen;
  private final MessageCache cache;
  private final Mesh mesh;
  private final LazyGossip gossip;
  private final Relay relay;
  private final Rejects rejects;
  private long heartbeats;
  private long heartbeatAtNanos;

  /// @param random chooses peers; nothing else is random
  /// @param start the time of the first step or before it
  public GossipsubMachine(
      GossipParams params, RandomGenerator random, GossipMetrics metrics, Now start) {
    HistoryParams history = params.history();
    this.params = params;
    this.metrics = metrics;
    controls = new ControlBatch(metrics);
    seen = new SeenCache(history.seenTtl().toNanos(), history.seenMax(), start.nanos());
    cache = new MessageCache(history.windows(), history.gossipWindows(), history.cacheBytesMax());
    mesh = new Mesh(params.mesh(), random, controls, metrics);
    gossip = new LazyGossip(params, random, controls, metrics, mesh, cache, seen);
    rejects = new Rejects(params.limits());
    relay = new Relay(params, metrics, controls, mesh, cache, gossip, seen, rejects);
    heartbeatAtNanos = start.nanos() + history.heartbeat().toNanos();
  }

  @Override
  public void step(GossipInput input, Now now, Consumer<? super GossipEffect> out) {
    Step step = new Step(now.nanos(), out);
    switch (input) {
      case GossipInput.Joined joined -> joined(joined, step);
      case GossipInput.Left(PeerId peer) -> left(peer);
      case GossipInput.Restarted(PeerId peer) -> restarted(peer, step);
      case GossipInput.Reopened(PeerId peer) -> reopened(peer, step);
      case GossipInput.Received received -> received(received, step);
      case GossipInput.Accepted accepted -> {
        TopicState topic = topics.get(accepted.message().topic());
        if (topic != null && topic.subscribed) {
          relay.accepted(topic, accepted, step);
        }
      }
      case GossipInput.Misbehaved(PeerId id, String reason) -> {
        PeerState peer = peers.get(id);
        if (peer != null) {
          rejects.add(peer, reason, step);
        }
      }
      case GossipInput.Define(TopicParams topic) -> define(topic);
      case GossipInput.Subscribe(TopicParams topic) -> subscribe(topic, step);
      case GossipInput.Unsubscribe(String topic) -> unsubscribe(topic, step);
      case GossipInput.Publish publish -> {
        TopicState topic = topics.get(publish.message().topic());
        if (topic != null) {
          relay.publish(topic, publish, step);
        }
      }
      case GossipInput.Report(MessageId id, Verdict verdict) ->
          relay.report(id, verdict, topics, peers, step);
      case GossipInput.Forged(MessageId id) -> relay.forged(id, peers, step);
    }
    controls.flush(step);
  }

  private void joined(GossipInput.Joined joined, Step step) {
    if (peers.containsKey(joined.peer())) {
      return;
    }
    if (peers.size() >= params.limits().peersMax()) {
      metrics.add(GossipCount.PEERS_OVER_LIMIT);
      return;
    }
    PeerState peer = new PeerState(joined.peer(), joined.outbound(), joined.idontwant());
    peers.put(joined.peer(), peer);
    rejects.joined(peer, step);
    greet(joined.peer(), step);
  }

  private void greet(PeerId peer, Step step) {
    List<TopicChange> hello = new ArrayList<>();
    for (TopicState topic : topics.values()) {
      if (topic.subscribed) {
        hello.add(new TopicChange(topic.name(), true));
      }
    }
    if (!hello.isEmpty()) {
      step.out().accept(new GossipEffect.SendTopics(peer, hello));
    }
  }

  /// Unlike a peer that left, it keeps what it has used up of its limits.
  private void restarted(PeerId id, Step step) {
    PeerState peer = peers.get(id);
    if (peer != null) {
      peer.topics.clear();
      topics.values().forEach(topic -> topic.remove(peer));
      greet(id, step);
    }
  }

  /// Says again where we take part, and grafts anew: the peer has forgotten the meshes that we
  /// think it is in.
  private void reopened(PeerId id, Step step) {
    PeerState peer = peers.get(id);
    if (peer == null) {
      return;
    }
    greet(id, step);
    for (TopicState topic : topics.values()) {
      if (topic.mesh.remove(peer)) {
        mesh.subscribed(topic, peer, step);
      }
    }
  }

  private void left(PeerId id) {
    PeerState peer = peers.remove(id);
    if (peer != null) {
      topics.values().forEach(topic -> topic.remove(peer));
      rejects.left(peer);
    }
  }

  private void received(GossipInput.Received rpc, Step step) {
    PeerState peer = peers.get(rpc.from());
    if (peer == null) {
      metrics.add(GossipCount.UNKNOWN_PEER);
      return;
    }
    rpc.subscriptions().forEach(change -> topicChanged(peer, change, step));
    for (GossipInput.Arrival arrival : rpc.messages()) {
      TopicState topic = topics.get(arrival.message().topic());
      if (topic == null || !topic.subscribed) {
        metrics.add(GossipCount.UNKNOWN_TOPIC);
      } else {
        relay.received(peer, topic, arrival.message(), arrival.id(), step);
      }
    }
    if (!rpc.control().isEmpty()) {
      controlReceived(peer, rpc.control(), step);
    }
  }

  private void topicChanged(PeerState peer, TopicChange change, Step step) {
    TopicState topic = topics.get(change.topic());
    long mark = topic == null ? TopicMarks.mark(change.topic()) : topic.mark;
    if (!change.subscribe()) {
      peer.topics.remove(mark);
      if (topic != null) {
        topic.remove(peer);
      }
    } else if (!peer.topics.add(mark, params.limits().topicsPerPeerMax())) {
      metrics.add(GossipCount.TOPICS_OVER_LIMIT);
    } else if (topic != null && topic.peers.add(peer)) {
      mesh.subscribed(topic, peer, step);
    }
  }

  private void controlReceived(PeerState peer, Control control, Step step) {
    for (String name : control.graft()) {
      // v1.1: a GRAFT for a topic that we take no part in is not answered.
      TopicState topic = topics.get(name);
      if (topic != null && topic.subscribed) {
        mesh.graftReceived(topic, peer, step);
      }
    }
    for (Control.Prune prune : control.prune()) {
      TopicState topic = topics.get(prune.topic());
      if (topic != null && topic.subscribed) {
        mesh.pruneReceived(topic, peer, prune.backoffSeconds(), step);
      }
    }
    if (!control.idontwant().isEmpty()) {
      metrics.add(GossipCount.IDONTWANT_RECEIVED, control.idontwant().size());
      for (MessageId id : control.idontwant()) {
        peer.addUnwanted(id, heartbeats, params.limits().idontwantsMax());
      }
    }
    if (!control.ihave().isEmpty()) {
      gossip.ihaveReceived(peer, control.ihave(), topics, step);
    }
    if (!control.iwant().isEmpty()) {
      gossip.iwantReceived(peer, control.iwant(), step);
    }
  }

  private TopicState define(TopicParams defined) {
    TopicState known = topics.get(defined.topic());
    if (known != null) {
      return known;
    }
    TopicState topic = new TopicState(defined);
    topics.put(defined.topic(), topic);
    for (PeerState peer : peers.values()) {
      if (peer.topics.contains(topic.mark)) {
        topic.peers.add(peer);
      }
    }
    return topic;
  }

  private void subscribe(TopicParams defined, Step step) {
    TopicState topic = define(defined);
    if (!topic.subscribed) {
      topic.subscribed = true;
      announce(topic, step);
      mesh.join(topic, step);
    }
  }

  private void unsubscribe(String name, Step step) {
    TopicState topic = topics.get(name);
    if (topic != null && topic.subscribed) {
      topic.subscribed = false;
      announce(topic, step);
      mesh.leave(topic, step);
    }
  }

  private void announce(TopicState topic, Step step) {
    List<TopicChange> change = List.of(new TopicChange(topic.name(), topic.subscribed));
    for (PeerId peer : peers.keySet()) {
      step.out().accept(new GossipEffect.SendTopics(peer, change));
    }
  }

  @Override
  public void tick(Now now, Consumer<? super GossipEffect> out) {
    if (now.nanos() < heartbeatAtNanos) {
      return;
    }
    // One heartbeat however late it is: what was missed while asleep is not made up for.
    long interval = params.history().heartbeat().toNanos();
    heartbeatAtNanos += interval;
    if (heartbeatAtNanos <= now.nanos()) {
      heartbeatAtNanos = now.nanos() + interval;
    }
    heartbeats++;
    Step step = new Step(now.nanos(), out);
    peers.values().forEach(peer -> peer.heartbeat(heartbeats));
    rejects.heartbeat(peers.values(), heartbeats);
    topics.values().forEach(topic -> mesh.heartbeat(topic, step));
    relay.heartbeat(topics.values(), step);
    gossip.heartbeat(topics.values(), step);
    controls.flush(step);
  }

  @Override
  public long deadlineNanos() {
    return heartbeatAtNanos;
  }

  /// Who takes part in each topic that is used here.
  public Map<String, TopicPeers> topicPeers() {
    Map<String, TopicPeers> view = new LinkedHashMap<>();
    for (TopicState topic : topics.values()) {
      view.put(topic.name(), new TopicPeers(ids(topic.peers), ids(topic.mesh)));
    }
    return view;
  }

  private static List<PeerId> ids(Iterable<PeerState> peers) {
    List<PeerId> ids = new ArrayList<>();
    peers.forEach(peer -> ids.add(peer.id));
    return ids;
  }

  /// What is held now, for tests of the bounds.
  Holdings holdings() {
    int marks = peers.values().stream().mapToInt(p -> p.topics.size()).sum();
    int unwanted = peers.values().stream().mapToInt(PeerState::unwantedCount).sum();
    int owed = peers.values().stream().mapToInt(PeerState::owedCount).sum();
    int backoffs = topics.values().stream().mapToInt(TopicState::backoffCount).sum();
    return new Holdings(
        peers.size(),
        marks,
        topics.size(),
        backoffs,
        unwanted,
        owed,
        seen.size(),
        cache.bytes(),
        relay.pendingCount(),
        relay.pendingBytes(),
        gossip.askedCount());
  }

  record Holdings(
      int peers,
      int marks,
      int topics,
      int backoffs,
      int unwanted,
      int owed,
      int seen,
      long cacheBytes,
      int pending,
      long pendingBytes,
      int asked) {}
}
