package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Many machines on a network in virtual time, with delays and losses from a seed.
class NetworkSimTest {

  private static final int NODES = 60;
  private static final long MILLI = 1_000_000L;

  private record Event(long nanos, long order, int node, GossipInput input) {}

  private static final class Network {
    final List<GossipsubMachine> machines = new ArrayList<>();
    final List<PeerId> names = new ArrayList<>();
    final Map<PeerId, Integer> numbers = new HashMap<>();
    final List<Set<MessageId>> got = new ArrayList<>();
    final PriorityQueue<Event> events =
        new PriorityQueue<>(
            (a, b) ->
                a.nanos() != b.nanos()
                    ? Long.compare(a.nanos(), b.nanos())
                    : Long.compare(a.order(), b.order()));
    final Random random;
    final double loss;
    long order;
    long copies;

    Network(long seed, double loss, GossipParams params) {
      random = new Random(seed);
      this.loss = loss;
      for (int i = 0; i < NODES; i++) {
        names.add(Peers.peer("node " + i));
        numbers.put(names.get(i), i);
        got.add(new HashSet<>());
        machines.add(
            new GossipsubMachine(
                params,
                new SplittableRandom(seed * NODES + i),
                new GossipMetrics(),
                new Now(0, 0)));
        at(0, i, new GossipInput.Subscribe(Peers.topic("t")));
      }
      for (int i = 0; i < NODES; i++) {
        for (int j = 0; j < 8; j++) {
          int other = random.nextInt(NODES);
          if (other != i) {
            at(1, i, new GossipInput.Joined(names.get(other), true, true));
            at(1, other, new GossipInput.Joined(names.get(i), false, true));
          }
        }
      }
    }

    void at(long nanos, int node, GossipInput input) {
      events.add(new Event(nanos, order++, node, input));
    }

    void run(long until) {
      while (true) {
        int ticking = 0;
        for (int i = 1; i < NODES; i++) {
          if (machines.get(i).deadlineNanos() < machines.get(ticking).deadlineNanos()) {
            ticking = i;
          }
        }
        long tick = machines.get(ticking).deadlineNanos();
        Event next = events.peek();
        if (Math.min(tick, next == null ? Long.MAX_VALUE : next.nanos()) > until) {
          return;
        }
        if (next == null || tick < next.nanos()) {
          int node = ticking;
          machines.get(node).tick(new Now(tick, 0), e -> effect(node, tick, e));
        } else {
          events.remove();
          machines
              .get(next.node())
              .step(
                  next.input(),
                  new Now(next.nanos(), 0),
                  e -> effect(next.node(), next.nanos(), e));
        }
      }
    }

    private void effect(int node, long nanos, GossipEffect effect) {
      switch (effect) {
        case GossipEffect.SendMessage(List<PeerId> to, Message message) -> {
          var arrival = new GossipInput.Arrival(message, MessageIds.CONTENT.of(message));
          for (PeerId peer : to) {
            copies++;
            if (random.nextDouble() >= loss) {
              send(node, nanos, peer, List.of(), List.of(arrival), Control.NONE);
            }
          }
        }
        case GossipEffect.SendControl(PeerId to, Control control) ->
            send(node, nanos, to, List.of(), List.of(), control);
        case GossipEffect.SendTopics(PeerId to, List<TopicChange> changes) ->
            send(node, nanos, to, changes, List.of(), Control.NONE);
        case GossipEffect.Deliver deliver -> {
          assertTrue(got.get(node).add(deliver.id()), "delivered twice");
          at(nanos + MILLI, node, new GossipInput.Report(deliver.id(), Verdict.ACCEPT));
        }
        case GossipEffect.Rejected rejected -> throw new AssertionError(rejected);
        case GossipEffect.Disconnect disconnect -> throw new AssertionError(disconnect);
      }
    }

    /// In order between two nodes, as on a stream: the delay of a pair is fixed.
    private void send(
        int from,
        long nanos,
        PeerId to,
        List<TopicChange> changes,
        List<GossipInput.Arrival> arrivals,
        Control control) {
      int other = numbers.getOrDefault(to, -1);
      long delay = (5 + (from * 31 + other * 31) % 80) * MILLI;
      at(
          nanos + delay,
          other,
          new GossipInput.Received(names.get(from), changes, arrivals, control));
    }

    /// Publishes from everywhere and returns the share of nodes that a message reached.
    double publish(int count, int bytes) {
      run(5_000 * MILLI);
      copies = 0;
      for (int i = 0; i < count; i++) {
        Message message = Rig.numbered(i, bytes);
        int node = random.nextInt(NODES);
        at(
            (5_000 + 50L * i) * MILLI,
            node,
            new GossipInput.Publish(message, MessageIds.CONTENT.of(message)));
      }
      run((15_000 + 50L * count) * MILLI);
      long reached = got.stream().mapToLong(Set::size).sum();
      return (double) reached / count / (NODES - 1);
    }
  }

  @Test
  void a_message_reaches_every_node_and_meshes_stay_within_their_marks() {
    for (int seed = 0; seed < 3; seed++) {
      Network network = new Network(seed, 0, GossipParams.STANDARD);
      assertEquals(1.0, network.publish(50, 100));
      double perNode = (double) network.copies / 50 / NODES;
      assertTrue(perNode < 12, perNode + " copies a node");
      for (GossipsubMachine machine : network.machines) {
        int mesh = machine.topicPeers().getOrDefault("t", TopicPeers.NONE).mesh().size();
        assertTrue(mesh >= 4 && mesh <= 12, "mesh of " + mesh);
      }
    }
  }

  @Test
  void a_mesh_is_mutual_once_it_has_settled() {
    Network network = new Network(4, 0, GossipParams.STANDARD);
    network.run(20_000 * MILLI);
    for (int i = 0; i < NODES; i++) {
      for (PeerId peer :
          network.machines.get(i).topicPeers().getOrDefault("t", TopicPeers.NONE).mesh()) {
        GossipsubMachine other = network.machines.get(network.numbers.getOrDefault(peer, -1));
        assertTrue(
            other
                .topicPeers()
                .getOrDefault("t", TopicPeers.NONE)
                .mesh()
                .contains(network.names.get(i)));
      }
    }
  }

  @Test
  void gossip_makes_good_what_a_lossy_network_lost() {
    GossipParams s = GossipParams.STANDARD;
    GossipParams silent =
        new GossipParams(s.mesh(), s.history(), s.limits(), true, 16 * 1024, 0, 0, 16 * 1024);
    // Half of all copies are lost: with the mesh alone many nodes miss messages.
    double with = new Network(9, 0.5, s).publish(100, 100);
    double without = new Network(9, 0.5, silent).publish(100, 100);
    assertTrue(with > 0.985, "with gossip " + with + ", without " + without);
    assertTrue(without < 0.975, "without gossip " + without);
  }

  @Test
  void long_messages_reach_every_node_without_flooding() {
    Network network = new Network(11, 0, GossipParams.STANDARD);
    assertEquals(1.0, network.publish(20, 50_000));
    assertTrue((double) network.copies / 20 / NODES < 9);
  }
}
