package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes messages in, has each validated once, and sends what is valid on (gossipsub v1.0 "Message
/// Processing", v1.1 "Flood Publishing" and "Extended Validators", v1.2 IDONTWANT). Owner: the
/// machine.
final class Relay {

  /// A message that waits for its verdict, with all who have sent it: the first of them is `from`.
  private record Pending(Message message, PeerId from, Set<PeerId> senders, long untilNanos) {}

  private final GossipParams params;
  private final GossipMetrics metrics;
  private final ControlBatch controls;
  private final Mesh mesh;
  private final MessageCache cache;
  private final LazyGossip lazy;
  private final SeenCache seen;
  private final Rejects rejects;

  /// In the order of their arrival.
  private final Map<MessageId, Pending> pending = new LinkedHashMap<>();

  private long pendingBytes;

  Relay(
      GossipParams params,
      GossipMetrics metrics,
      ControlBatch controls,
      Mesh mesh,
      MessageCache cache,
      LazyGossip lazy,
      SeenCache seen,
      Rejects rejects) {
    this.params = params;
    this.metrics = metrics;
    this.controls = controls;
    this.mesh = mesh;
    this.cache = cache;
    this.lazy = lazy;
    this.seen = seen;
    this.rejects = rejects;
  }

  void received(PeerState peer, TopicState topic, Message arrived, MessageId id, Step step) {
    if (isDuplicate(id, peer.id)) {
      return;
    }
    // Before it counts as seen: a spoilt copy must not keep the genuine message out.
    Optional<String> fault = arrived.fault(topic.params.policy());
    if (fault.isEmpty() && arrived.dataLength() > topic.params.messageBytesMax()) {
      fault = Optional.of("message of " + arrived.dataLength() + " bytes");
    }
    if (fault.isPresent()) {
      metrics.add(GossipCount.REJECTED);
      rejects.add(peer, fault.get(), step);
      return;
    }
    HistoryParams history = params.history();
    if (pending.size() >= history.pendingMax()
        || pendingBytes + arrived.length() > history.pendingBytesMax()) {
      metrics.add(GossipCount.PENDING_FULL);
      return;
    }
    metrics.add(GossipCount.RECEIVED);
    Message message = arrived.compact();
    Set<PeerId> senders = new LinkedHashSet<>(4);
    senders.add(peer.id);
    seen.add(id, step.nanos());
    pending.put(
        id, new Pending(message, peer.id, senders, step.nanos() + history.verdictMax().toNanos()));
    pendingBytes += message.length();
    if (message.length() >= params.idontwantBytesMin()) {
      for (PeerState other : topic.mesh) {
        if (other.idontwant && !other.equals(peer)) {
          controls.idontwant(other, id);
        }
      }
    }
    step.out().accept(new GossipEffect.Deliver(message, id, peer.id));
  }

  void report(
      MessageId id,
      Verdict verdict,
      Map<String, TopicState> topics,
      Map<PeerId, PeerState> peers,
      Step step) {
    Pending decided = take(id);
    if (decided == null) {
      metrics.add(GossipCount.VERDICT_LATE);
      return;
    }
    switch (verdict) {
      case Verdict.Accept() -> {
        metrics.add(GossipCount.ACCEPTED);
        cache.put(id, decided.message());
        TopicState topic = topics.get(decided.message().topic());
        if (topic != null && topic.subscribed) {
          send(topic.mesh, decided.senders(), id, decided.message(), step);
        }
      }
      case Verdict.Ignore(String reason) -> metrics.add(GossipCount.IGNORED);
      case Verdict.Reject(String reason) -> {
        for (PeerId sender : decided.senders()) {
          metrics.add(GossipCount.REJECTED);
          PeerState peer = peers.get(sender);
          if (peer != null) {
            rejects.add(peer, reason, step);
          }
        }
      }
    }
  }

  private boolean isDuplicate(MessageId id, PeerId sender) {
    if (!seen.contains(id)) {
      return false;
    }
    metrics.add(GossipCount.DUPLICATE);
    Pending waiting = pending.get(id);
    if (waiting != null) {
      waiting.senders().add(sender);
    }
    return true;
  }

  /// Passes on what came another way, unless it came by gossip before.
  void accepted(TopicState topic, GossipInput.Accepted accepted, Step step) {
    MessageId id = accepted.id();
    if (isDuplicate(id, accepted.from())) {
      return;
    }
    metrics.add(GossipCount.RECEIVED);
    metrics.add(GossipCount.ACCEPTED);
    seen.add(id, step.nanos());
    cache.put(id, accepted.message());
    lazy.owe(topic, id, accepted.served(), accepted.from());
    Set<PeerId> covered = new HashSet<>(accepted.served());
    covered.add(accepted.from());
    send(topic.mesh, covered, id, accepted.message(), step);
  }

  /// Only the first sender is known to have sent the forgery: others may have sent the genuine
  /// message under the same id.
  void forged(MessageId id, Map<PeerId, PeerState> peers, Step step) {
    Pending decided = take(id);
    if (decided == null) {
      metrics.add(GossipCount.VERDICT_LATE);
      return;
    }
    seen.remove(id);
    metrics.add(GossipCount.REJECTED);
    PeerState peer = peers.get(decided.from());
    if (peer != null) {
      rejects.add(peer, "signature is not the author's", step);
    }
  }

  void publish(TopicState topic, GossipInput.Publish publish, Step step) {
    Message message = publish.message();
    MessageId id = publish.id();
    boolean known = seen.contains(id);
    if (known && !publish.again()) {
      metrics.add(GossipCount.DUPLICATE);
      return;
    }
    metrics.add(GossipCount.PUBLISHED);
    if (!known) {
      seen.add(id, step.nanos());
      cache.put(id, message);
    }
    send(receivers(topic, message, step), publish.served(), id, message, step);
  }

  private Iterable<PeerState> receivers(TopicState topic, Message message, Step step) {
    if (params.floodPublish() && message.length() <= params.floodBytesMax()) {
      return topic.peers;
    }
    int degree = params.mesh().degree();
    if (topic.subscribed) {
      // A mesh that is still thin is helped out, or a block would have nowhere to go.
      List<PeerState> receivers = new ArrayList<>(topic.mesh);
      receivers.addAll(
          mesh.choose(topic.peers, degree - receivers.size(), p -> !topic.mesh.contains(p)));
      return receivers;
    }
    topic.fanoutUntilNanos = step.nanos() + params.history().fanoutTtl().toNanos();
    fillFanout(topic);
    return topic.fanout;
  }

  private void fillFanout(TopicState topic) {
    int missing = params.mesh().degree() - topic.fanout.size();
    topic.fanout.addAll(mesh.choose(topic.peers, missing, p -> !topic.fanout.contains(p)));
  }

  /// @param served peers that have it, or are given it another way
  private void send(
      Iterable<PeerState> targets, Set<PeerId> served, MessageId id, Message message, Step step) {
    List<PeerId> receivers = new ArrayList<>();
    for (PeerState peer : targets) {
      if (served.contains(peer.id) || message.isAuthor(peer.id)) {
        continue;
      }
      if (peer.wants(id)) {
        receivers.add(peer.id);
      } else {
        metrics.add(GossipCount.COPIES_SPARED);
      }
    }
    if (!receivers.isEmpty()) {
      metrics.add(GossipCount.COPIES_SENT, receivers.size());
      step.out().accept(new GossipEffect.SendMessage(receivers, message));
    }
  }

  /// Upkeep of the fanout, and an end to waiting for verdicts that never come.
  void heartbeat(Iterable<TopicState> topics, Step step) {
    for (TopicState topic : topics) {
      if (topic.fanout.isEmpty()) {
        continue;
      }
      if (step.nanos() >= topic.fanoutUntilNanos) {
        topic.fanout.clear();
      } else {
        fillFanout(topic);
      }
    }
    Iterator<Pending> oldest = pending.values().iterator();
    while (oldest.hasNext()) {
      Pending waiting = oldest.next();
      if (waiting.untilNanos() > step.nanos()) {
        break;
      }
      oldest.remove();
      pendingBytes -= waiting.message().length();
      metrics.add(GossipCount.PENDING_EXPIRED);
    }
    seen.expire(step.nanos());
  }

  private @Nullable Pending take(MessageId id) {
    Pending decided = pending.remove(id);
    if (decided != null) {
      pendingBytes -= decided.message().length();
    }
    return decided;
  }

  int pendingCount() {
    return pending.size();
  }

  long pendingBytes() {
    return pendingBytes;
  }
}
