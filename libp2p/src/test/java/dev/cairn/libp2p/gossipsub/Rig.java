package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A machine in the hands of a test, with the effects that came out.
final class Rig {

  final GossipMetrics metrics = new GossipMetrics();
  final List<GossipEffect> effects = new ArrayList<>();
  final GossipsubMachine machine;
  long nanos;

  Rig(GossipParams params) {
    machine = new GossipsubMachine(params, new SplittableRandom(1), metrics, new Now(0, 0));
  }

  static GossipParams limits(GossipLimits limits) {
    GossipParams s = GossipParams.STANDARD;
    return new GossipParams(
        s.mesh(),
        s.history(),
        limits,
        s.floodPublish(),
        s.floodBytesMax(),
        s.lazyDegree(),
        s.gossipFactor(),
        s.idontwantBytesMin());
  }

  static GossipParams history(HistoryParams history) {
    GossipParams s = GossipParams.STANDARD;
    return new GossipParams(
        s.mesh(),
        history,
        s.limits(),
        s.floodPublish(),
        s.floodBytesMax(),
        s.lazyDegree(),
        s.gossipFactor(),
        s.idontwantBytesMin());
  }

  void give(GossipInput input) {
    machine.step(input, new Now(nanos, 0), effects::add);
  }

  void join(String... names) {
    for (String name : names) {
      give(new GossipInput.Joined(Peers.peer(name), false, true));
    }
  }

  void topics(String peer, String... topics) {
    List<TopicChange> changes = new ArrayList<>();
    for (String topic : topics) {
      changes.add(new TopicChange(topic, true));
    }
    give(new GossipInput.Received(Peers.peer(peer), changes, List.of(), Control.NONE));
  }

  void message(String peer, Message message) {
    GossipInput.Arrival arrival = new GossipInput.Arrival(message, MessageIds.CONTENT.of(message));
    give(new GossipInput.Received(Peers.peer(peer), List.of(), List.of(arrival), Control.NONE));
  }

  void control(String peer, Control control) {
    give(new GossipInput.Received(Peers.peer(peer), List.of(), List.of(), control));
  }

  void ihave(String peer, String topic, List<MessageId> ids) {
    control(
        peer,
        new Control(
            List.of(new Control.IHave(topic, ids)), List.of(), List.of(), List.of(), List.of()));
  }

  void iwant(String peer, List<MessageId> ids) {
    control(peer, new Control(List.of(), ids, List.of(), List.of(), List.of()));
  }

  void idontwant(String peer, List<MessageId> ids) {
    control(peer, new Control(List.of(), List.of(), List.of(), List.of(), ids));
  }

  void graft(String peer, String topic) {
    control(peer, new Control(List.of(), List.of(), List.of(topic), List.of(), List.of()));
  }

  void heartbeat() {
    nanos = machine.deadlineNanos();
    machine.tick(new Now(nanos, 0), effects::add);
  }

  /// The effects of one kind since the last call, which forgets all others too.
  <T extends GossipEffect> List<T> take(Class<T> kind) {
    List<T> taken = effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    effects.clear();
    return taken;
  }

  /// The ids asked for since the last call.
  List<MessageId> asked() {
    return take(GossipEffect.SendControl.class).stream()
        .flatMap(send -> send.control().iwant().stream())
        .toList();
  }

  List<PeerId> mesh(String topic) {
    return machine.topicPeers().getOrDefault(topic, TopicPeers.NONE).mesh();
  }

  static Message numbered(int number, int bytes) {
    byte[] data = new byte[bytes];
    data[0] = (byte) number;
    data[1] = (byte) (number >> 8);
    data[2] = (byte) (number >> 16);
    return Message.unsigned("t", data);
  }

  static List<MessageId> ids(int from, int count) {
    List<MessageId> ids = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      ids.add(MessageIds.CONTENT.of(numbered(i, 10)));
    }
    return ids;
  }
}
