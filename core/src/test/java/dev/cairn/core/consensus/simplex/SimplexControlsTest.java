package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import java.util.List;
import org.junit.jupiter.api.Test;

/// That the simulation sees what it is there to see: with a rule off it finds the fork, and with
/// few enough faults the network goes on.
class SimplexControlsTest {

  private static final SimplexTiming TIMING = new SimplexTiming(400, 200, 50, 200, 5_000);

  private static SimNetwork network(long quorum, long seed, long... stakes) {
    return network(TIMING, quorum, seed, stakes);
  }

  private static SimNetwork network(SimplexTiming timing, long quorum, long seed, long... stakes) {
    TestChain chain = new TestChain(quorum, 20, 2_000, stakes);
    SimNetwork net = new SimNetwork(chain, timing, seed);
    for (int i = 0; i < stakes.length; i++) {
      net.add("v" + i, i, true, 0);
    }
    net.start();
    net.nodes.forEach(node -> node.load(true));
    return net;
  }

  /// Loss and crashes of all nodes at once, over and over.
  private static void disasters(SimNetwork net) {
    net.drop = 0.3;
    net.delayMillisMax = 50;
    net.downMillisMax = 20;
    for (int i = 0; i < 60 && net.conflicts.isEmpty(); i++) {
      net.run(50 + net.random.nextLong(200));
      net.nodes.stream().filter(SimNode::running).forEach(net::crash);
      net.run(25);
    }
  }

  private static int seedsWithConflict(boolean persistence) {
    int found = 0;
    for (long seed = 0; seed < 12; seed++) {
      SimNetwork net = network(new SimplexTiming(400, 200, 50, 1, 5_000), 0, seed, 1, 1, 1, 1);
      net.persistence = persistence;
      disasters(net);
      found += net.conflicts.isEmpty() ? 0 : 1;
    }
    return found;
  }

  @Test
  void without_durable_votes_there_is_a_fork() {
    assertTrue(seedsWithConflict(false) > 0);
  }

  @Test
  void with_durable_votes_there_is_none() {
    assertEquals(0, seedsWithConflict(true));
  }

  private static List<String> conflictsWhenSplit(long quorum) {
    SimNetwork net = network(quorum, 7, 1, 1, 1, 1);
    net.sides(0, 0, 1, 1);
    net.run(20_000);
    return net.conflicts;
  }

  @Test
  void a_quorum_of_a_third_forks_and_the_real_one_does_not() {
    assertFalse(conflictsWhenSplit(2).isEmpty());
    assertEquals(List.of(), conflictsWhenSplit(0));
  }

  private static void down(SimNode node) {
    node.crash();
  }

  @Test
  void one_of_four_down_goes_on_two_down_stops_and_one_back_goes_on() {
    SimNetwork net = network(0, 3, 1, 1, 1, 1);
    net.run(3_000);
    down(net.nodes.get(0));
    long height = net.finalHeight();
    net.run(10_000);
    assertTrue(net.finalHeight() > height + 5, "one down");
    down(net.nodes.get(1));
    net.run(1_000);
    height = net.finalHeight();
    net.run(60_000);
    assertEquals(height, net.finalHeight(), "two down");
    net.nodes.get(0).start();
    net.run(20_000);
    assertTrue(net.finalHeight() > height + 5, "one back");
    assertEquals(List.of(), net.conflicts);
  }

  @Test
  void stake_decides_and_not_heads() {
    SimNetwork net = network(0, 5, 70, 10, 10, 10);
    down(net.nodes.get(1));
    down(net.nodes.get(2));
    down(net.nodes.get(3));
    net.run(60_000);
    assertTrue(net.finalHeight() > 10, "70 of 100 decide alone");

    SimNetwork other = network(0, 5, 66, 12, 12, 10);
    other.nodes.subList(1, 4).forEach(SimplexControlsTest::down);
    other.run(60_000);
    assertEquals(0, other.finalHeight(), "66 of 100 do not");
  }

  @Test
  void an_idle_chain_is_quiet_until_the_longest_silence_is_over() {
    TestChain chain = new TestChain(1_000, 3_600_000, 1, 1, 1, 1);
    SimNetwork net = new SimNetwork(chain, TIMING, 9);
    for (int i = 0; i < 4; i++) {
      net.add("v" + i, i, true, 0);
    }
    net.start();
    net.run(10_000);
    assertEquals(0, net.sent);
    net.nodes.get(2).load(true);
    net.run(10_000);
    net.nodes.forEach(node -> node.load(false));
    net.run(60_000);
    long height = net.finalHeight();
    assertTrue(height > 0);
    long sent = net.sent;
    net.run(3_000_000);
    assertEquals(sent, net.sent);
    assertEquals(height, net.finalHeight());
    net.run(700_000);
    assertEquals(height + 1, net.finalHeight());
    net.nodes.forEach(node -> assertEquals(height + 1, node.height()));
  }

  @Test
  void a_node_that_was_away_for_long_syncs_and_goes_on() {
    SimNetwork net = network(0, 11, 1, 1, 1, 1);
    SimNode late = net.nodes.get(3);
    down(late);
    net.run(120_000);
    assertTrue(net.finalHeight() > 2L * BlockTree.CATCH_UP_MAX, "" + net.finalHeight());
    late.start();
    net.run(20_000);
    assertTrue(late.behind > 0);
    assertTrue(late.height() + 5 > net.finalHeight());
    down(net.nodes.get(0));
    long height = net.finalHeight();
    net.run(20_000);
    assertTrue(net.finalHeight() > height + 5, "it votes again");
  }

  private static Hash trace(long seed) {
    SimNetwork net = network(0, seed, 3, 2, 2, 1);
    net.keepTrace = true;
    net.crashPerEffect = 0.01;
    net.drop = 0.1;
    net.run(5_000);
    return net.traceHash;
  }

  @Test
  void the_same_seed_gives_the_same_trace() {
    assertEquals(trace(42), trace(42));
    assertNotEquals(trace(42), trace(43));
  }
}
