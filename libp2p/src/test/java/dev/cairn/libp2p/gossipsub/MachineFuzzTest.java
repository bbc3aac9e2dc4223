package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random inputs from few peers, topics and messages, so that they meet.
class MachineFuzzTest {

  private static final int PEERS = 25;
  private static final List<String> TOPICS = List.of("t", "u", "v", "w");
  private static final List<PeerId> NAMES = new ArrayList<>();

  static {
    for (int i = 0; i < PEERS; i++) {
      NAMES.add(Peers.peer("peer " + i));
    }
  }

  private static Message message(Random random) {
    byte[] data = new byte[2 + (random.nextInt(50) == 0 ? 20_000 : random.nextInt(3))];
    data[0] = (byte) random.nextInt(200);
    return Message.unsigned(TOPICS.get(random.nextInt(3)), data);
  }

  private static MessageId id(Random random) {
    return MessageIds.CONTENT.of(message(random));
  }

  private static List<MessageId> ids(Random random) {
    List<MessageId> ids = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      ids.add(id(random));
    }
    return ids;
  }

  private static Control control(Random random) {
    String topic = TOPICS.get(random.nextInt(4));
    List<MessageId> none = List.of();
    return switch (random.nextInt(5)) {
      case 0 ->
          new Control(
              List.of(new Control.IHave(topic, ids(random))), none, List.of(), List.of(), none);
      case 1 -> new Control(List.of(), ids(random), List.of(), List.of(), none);
      case 2 -> new Control(List.of(), none, List.of(topic), List.of(), none);
      case 3 ->
          new Control(
              List.of(),
              none,
              List.of(),
              List.of(new Control.Prune(topic, random.nextLong() >>> random.nextInt(64))),
              none);
      default -> new Control(List.of(), none, List.of(), List.of(), ids(random));
    };
  }

  private static GossipInput input(Random random) {
    PeerId peer = NAMES.get(random.nextInt(PEERS));
    String topic = TOPICS.get(random.nextInt(4));
    int kind = random.nextInt(100);
    if (kind < 4) {
      return new GossipInput.Joined(peer, random.nextBoolean(), random.nextBoolean());
    } else if (kind < 6) {
      return new GossipInput.Left(peer);
    } else if (kind < 7) {
      return random.nextBoolean()
          ? new GossipInput.Reopened(peer)
          : new GossipInput.Restarted(peer);
    } else if (kind < 8) {
      return new GossipInput.Misbehaved(peer, "garbage");
    } else if (kind < 9) {
      return new GossipInput.Subscribe(Peers.topic(TOPICS.get(random.nextInt(3))));
    } else if (kind < 10) {
      return random.nextBoolean()
          ? new GossipInput.Unsubscribe(topic)
          : new GossipInput.Define(Peers.topic("v"));
    } else if (kind < 20) {
      Message message = message(random);
      return new GossipInput.Publish(message, MessageIds.CONTENT.of(message));
    } else if (kind < 40) {
      return switch (random.nextInt(4)) {
        case 0 -> new GossipInput.Report(id(random), new Verdict.Ignore(""));
        case 1 -> new GossipInput.Report(id(random), new Verdict.Reject(""));
        case 2 -> new GossipInput.Forged(id(random));
        default -> new GossipInput.Report(id(random), Verdict.ACCEPT);
      };
    }
    List<TopicChange> changes = new ArrayList<>();
    List<GossipInput.Arrival> arrivals = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      changes.add(new TopicChange(topic, random.nextInt(4) > 0));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      Message message = message(random);
      arrivals.add(new GossipInput.Arrival(message, MessageIds.CONTENT.of(message)));
    }
    return new GossipInput.Received(
        peer, changes, arrivals, random.nextBoolean() ? control(random) : Control.NONE);
  }

  private static final class Run {
    final GossipsubMachine machine;
    final Set<PeerId> present = new HashSet<>();
    long hash;
    long effects;

    Run(long seed) {
      machine =
          new GossipsubMachine(
              GossipParams.STANDARD,
              new SplittableRandom(seed),
              new GossipMetrics(),
              new Now(0, 0));
    }

    void play(long seed, int steps) {
      Random random = new Random(seed);
      long nanos = 0;
      for (int i = 0; i < steps; i++) {
        nanos += random.nextInt(20_000_000);
        Now now = new Now(nanos, 0);
        machine.tick(now, this::effect);
        GossipInput input = input(random);
        if (input instanceof GossipInput.Joined(PeerId peer, boolean out, boolean dont)) {
          present.add(peer);
        }
        machine.step(input, now, this::effect);
        if (input instanceof GossipInput.Left(PeerId peer)) {
          present.remove(peer);
        }
        if (i % 500 == 0) {
          check();
        }
      }
    }

    private void effect(GossipEffect effect) {
      effects++;
      hash = hash * 31 + effect.toString().hashCode();
      List<PeerId> receivers =
          switch (effect) {
            case GossipEffect.SendMessage send -> send.to();
            case GossipEffect.SendControl send -> List.of(send.to());
            case GossipEffect.SendTopics send -> List.of(send.to());
            case GossipEffect.Deliver deliver -> List.of();
            case GossipEffect.Rejected rejected -> List.of();
            case GossipEffect.Disconnect disconnect -> List.of();
          };
      assertTrue(present.containsAll(receivers), "to one who is not there: " + effect);
      assertEquals(receivers.size(), new HashSet<>(receivers).size(), "twice: " + effect);
    }

    private void check() {
      GossipsubMachine.Holdings held = machine.holdings();
      assertTrue(held.peers() <= PEERS && held.topics() <= TOPICS.size());
      assertTrue(held.marks() <= PEERS * TOPICS.size());
      assertTrue(held.backoffs() <= PEERS * TOPICS.size());
      assertTrue(held.seen() <= 3_600 && held.pending() <= 1_200 && held.asked() <= 1_200);
      machine
          .topicPeers()
          .values()
          .forEach(
              topic -> {
                assertTrue(topic.peers().containsAll(topic.mesh()));
                assertTrue(present.containsAll(topic.peers()));
              });
    }
  }

  @Test
  void random_inputs_never_throw_and_leave_the_machine_consistent() {
    for (int seed = 0; seed < 5; seed++) {
      Run run = new Run(seed);
      run.play(seed, 10_000);
      assertTrue(run.effects > 2_000, "little came out: " + run.effects);
      for (PeerId peer : NAMES) {
        run.machine.step(new GossipInput.Left(peer), new Now(1L << 50, 0), e -> {});
      }
      assertEquals(0, run.machine.holdings().peers());
      assertEquals(0, run.machine.holdings().marks());
    }
  }

  @Test
  void the_same_inputs_and_seed_give_the_same_effects() {
    Run one = new Run(5);
    one.play(7, 5_000);
    Run two = new Run(5);
    two.play(7, 5_000);
    assertEquals(one.hash, two.hash);
    Run other = new Run(6);
    other.play(7, 5_000);
    assertNotEquals(one.hash, other.hash, "the seed of the choices matters");
  }
}
