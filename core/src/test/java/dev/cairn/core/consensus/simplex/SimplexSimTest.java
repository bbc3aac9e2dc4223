package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Agreement and progress over many seeds. A failure names its seed.
class SimplexSimTest {

  private static final SimplexTiming TIMING = new SimplexTiming(400, 200, 50, 200, 5_000);

  private static SimNetwork network(TestChain chain, long seed, boolean twin) {
    SimNetwork net = new SimNetwork(chain, TIMING, seed);
    int n = chain.set().size();
    for (int i = 0; i < n; i++) {
      boolean honest = !twin || i > 0;
      net.add("v" + i, i, honest, net.random.nextLong(100) - 50);
    }
    if (twin) {
      net.add("twin", 0, false, 0);
    }
    net.add("observer", -1, true, 0);
    net.start();
    return net;
  }

  private static long[] equal(int n) {
    long[] stakes = new long[n];
    java.util.Arrays.fill(stakes, 10);
    return stakes;
  }

  private static void faults(SimNetwork net, long seed) {
    net.nodes.forEach(node -> net.after(net.random.nextLong(1_000_000_000), () -> node.load(true)));
    net.drop = 0.3 * net.random.nextDouble();
    net.duplicate = 0.1 * net.random.nextDouble();
    net.delayMillisMax = 1 + net.random.nextLong(100);
    net.crashPerEffect = seed % 3 == 0 ? 0 : 0.02 * net.random.nextDouble();
    for (int i = 0; i < 8; i++) {
      switch (net.random.nextInt(3)) {
        case 0 -> net.partition(2);
        case 1 -> net.partition(3);
        default -> net.partition(1);
      }
      net.run(1_000);
    }
  }

  /// After the faults every honest node gains blocks within a bound.
  private static void heals(SimNetwork net, String what) {
    net.heal();
    net.run(15_000);
    long[] before = net.nodes.stream().mapToLong(SimNode::height).toArray();
    net.run(10_000);
    assertEquals(List.of(), net.conflicts, what);
    for (int i = 0; i < before.length; i++) {
      SimNode node = net.nodes.get(i);
      if (node.honest) {
        assertTrue(
            node.height() >= before[i] + 5,
            what + ": " + node.name + " went from " + before[i] + " to " + node.height());
      }
    }
  }

  private static void seeds(int n, int from, int to, boolean twin) {
    int total = 0;
    for (long seed = from; seed < to; seed++) {
      SimNetwork net = network(new TestChain(20, 2_000, equal(n)), seed, twin);
      faults(net, seed);
      heals(net, "n=" + n + " seed=" + seed + " twin=" + twin);
      total += net.crashes + net.gaps + (twin ? net.evidence : 0);
      if (!twin) {
        assertEquals(List.of(), net.rejections, "n=" + n + " seed=" + seed);
        assertEquals(0, net.evidence, "n=" + n + " seed=" + seed);
      }
    }
    assertTrue(total > to - from, "only " + total + " faults happened");
  }

  @Test
  void one_validator_through_crashes() {
    seeds(1, 0, 60, false);
  }

  @Test
  void four_validators_through_loss_partitions_and_crashes() {
    seeds(4, 0, 80, false);
  }

  @Test
  void seven_validators_through_loss_partitions_and_crashes() {
    seeds(7, 0, 20, false);
  }

  @Test
  void one_of_four_is_two_machines_with_one_key() {
    seeds(4, 1_000, 1_040, true);
  }
}
