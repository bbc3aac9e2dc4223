package dev.cairn.simulator;

import dev.cairn.core.Verdict;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.libp2p.gossipsub.Control;
import dev.cairn.libp2p.gossipsub.GossipEffect;
import dev.cairn.libp2p.gossipsub.GossipInput;
import dev.cairn.libp2p.gossipsub.GossipMetrics;
import dev.cairn.libp2p.gossipsub.GossipParams;
import dev.cairn.libp2p.gossipsub.GossipsubMachine;
import dev.cairn.libp2p.gossipsub.Message;
import dev.cairn.libp2p.gossipsub.MessageId;
import dev.cairn.libp2p.gossipsub.MessageIds;
import dev.cairn.libp2p.gossipsub.SignaturePolicy;
import dev.cairn.libp2p.gossipsub.TopicParams;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/// A node's gossip: the gossipsub machine that a real node runs, between the peer machine and the
/// virtual network. Messages may be lost on the way, as they are when a real node's queue is full;
/// subscriptions and control go over streams.
///
/// Owner: its [SimNode]; it lives from a start to a crash.
final class SimGossip {

  private static final int MESSAGES_QUEUED = 1_024;

  /// The chain's topics.
  enum Topic {
    TX("tx"),
    BLOCK("block"),
    VOTE("vote");

    private final String path;

    Topic(String name) {
      path = "/cairn/simulation/" + name + "/1";
    }

    private TopicParams params() {
      return new TopicParams(
          path,
          SignaturePolicy.STRICT_NO_SIGN,
          BlockMessage.BYTES_MAX,
          MESSAGES_QUEUED,
          MessageIds.CONTENT);
    }

    private static Topic of(String path) {
      for (Topic topic : values()) {
        if (topic.path.equals(path)) {
          return topic;
        }
      }
      throw new IllegalArgumentException("no topic " + path);
    }
  }

  /// What comes out of gossip for the node.
  interface Node {
    /// A message to be judged: [#decided] must follow in the same step.
    void delivered(long token, int from, Topic topic, Bytes data);

    /// Gossipsub wants to be rid of a peer.
    void parts(int peer, String reason);
  }

  private final World world;
  private final int self;
  private final Node node;
  private final GossipsubMachine machine;
  private final Map<Long, MessageId> undecided = new HashMap<>();
  private long tokens;
  private boolean closed;

  SimGossip(World world, int self, Node node, SimRandom random) {
    this.world = world;
    this.self = self;
    this.node = node;
    this.machine = new GossipsubMachine(GossipParams.STANDARD, random, new GossipMetrics(), now());
    for (Topic topic : Topic.values()) {
      step(new GossipInput.Subscribe(topic.params()));
    }
  }

  private Now now() {
    return new Now(world.schedule().nanos(), 0);
  }

  void joined(int peer, boolean outbound) {
    step(new GossipInput.Joined(world.peerId(peer), outbound, true));
  }

  void gone(int peer) {
    step(new GossipInput.Left(world.peerId(peer)));
  }

  void publish(Topic topic, Bytes data, boolean again) {
    Message message = message(topic, data);
    step(new GossipInput.Publish(message, MessageIds.CONTENT.of(message), again));
  }

  /// A message as it goes over the wire.
  static Message message(Topic topic, Bytes data) {
    return Message.unsigned(topic.path, data.toArrayUnsafe());
  }

  void received(int from, Message message, MessageId id) {
    List<GossipInput.Arrival> arrivals = List.of(new GossipInput.Arrival(message, id));
    step(new GossipInput.Received(world.peerId(from), List.of(), arrivals, Control.NONE));
  }

  void decided(long token, Verdict verdict) {
    MessageId id = undecided.remove(token);
    if (id == null) {
      throw new Violation(Violation.Kind.BROKEN, "n" + self + ": two verdicts on message " + token);
    }
    step(
        new GossipInput.Report(
            id,
            switch (verdict) {
              case Verdict.Accept _ -> dev.cairn.libp2p.gossipsub.Verdict.ACCEPT;
              case Verdict.Ignore(String why) -> new dev.cairn.libp2p.gossipsub.Verdict.Ignore(why);
              case Verdict.Reject(String why) -> new dev.cairn.libp2p.gossipsub.Verdict.Reject(why);
            }));
  }

  /// Messages that still wait for their verdict.
  int undecided() {
    return undecided.size();
  }

  long deadlineNanos() {
    return machine.deadlineNanos();
  }

  void tick() {
    List<GossipEffect> effects = new ArrayList<>();
    machine.tick(now(), effects::add);
    effects.forEach(this::perform);
  }

  private void step(GossipInput input) {
    List<GossipEffect> effects = new ArrayList<>();
    machine.step(input, now(), effects::add);
    effects.forEach(this::perform);
  }

  /// Its node is down: whatever is still to be done is not.
  void close() {
    closed = true;
  }

  private void perform(GossipEffect effect) {
    if (closed) {
      return;
    }
    switch (effect) {
      case GossipEffect.SendTopics(PeerId to, var changes) -> stream(to, changes, Control.NONE);
      case GossipEffect.SendControl(PeerId to, Control control) -> stream(to, List.of(), control);
      case GossipEffect.SendMessage(List<PeerId> to, Message message) -> {
        MessageId id = MessageIds.CONTENT.of(message);
        for (PeerId peer : to) {
          world.gossip(self, world.index(peer), message, id);
        }
      }
      case GossipEffect.Deliver(Message message, MessageId id, PeerId from) -> {
        long token = tokens++;
        undecided.put(token, id);
        Bytes data = Bytes.wrap(message.data());
        node.delivered(token, world.index(from), Topic.of(message.topic()), data);
      }
      case GossipEffect.Rejected _ -> {}
      case GossipEffect.Disconnect(PeerId peer, String reason) ->
          node.parts(world.index(peer), reason);
    }
  }

  private void stream(
      PeerId to, List<dev.cairn.libp2p.gossipsub.TopicChange> changes, Control control) {
    int peer = world.index(to);
    GossipInput input = new GossipInput.Received(world.peerId(self), changes, List.of(), control);
    world.stream(self, peer, other -> other.gossiped(input));
  }

  void take(GossipInput input) {
    step(input);
  }
}
