package dev.cairn.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.simplex.HeaderTuple;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Possession;
import dev.cairn.core.staking.Stake;
import dev.cairn.core.staking.Unbonding;
import dev.cairn.core.staking.Unstake;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.transaction.Transaction;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Sets of validators that change while peers lose messages and restart, and one validator that is
/// two machines with one key. A failure names its seed; `-Dcairn.seeds=N` tries so many.
class StakeSimTest {

  private static final int EPOCH = StakeSim.EPOCH;
  private static final int SEEDS = Integer.getInteger("cairn.seeds", 6);

  /// Two machines with one key contradict each other when they lead a slot and neither hears the
  /// other in time: chance, so that a bound on when is one on the chance that it never comes.
  private static final int CAUGHT_EPOCHS_MAX = 40;

  private static Stake stake(int i) {
    Bytes possession = Possession.prove(StakeSim.validator(i), StakeSim.account(i));
    return new Stake(StakeSim.key(i), possession, StakeSim.STAKE);
  }

  private static List<Bytes> keys(StakeNode node, long epoch) {
    ValidatorSet set = node.set(epoch);
    return IntStream.range(0, set.size()).mapToObj(i -> set.get(i).key()).toList();
  }

  private static List<Bytes> sorted(int... validators) {
    TreeSet<Bytes> keys = new TreeSet<>();
    for (int i : validators) {
      keys.add(StakeSim.key(i));
    }
    return List.copyOf(keys);
  }

  /// Who proposed in these heights.
  private static boolean proposed(StakeSim sim, int validator, long from, long to) {
    for (Block block : sim.finals.subMap(from, true, to, true).values()) {
      HeaderTuple tuple = HeaderTuple.decode(block.header().consensus());
      if (tuple.proposer().equals(StakeSim.account(validator))) {
        return true;
      }
    }
    return false;
  }

  private static long heightOfPunishment(StakeSim sim) {
    long height = 0;
    for (Block block : sim.finals.values()) {
      for (var transaction : block.transactions()) {
        if (transaction.payload() instanceof Accusation) {
          assertEquals(0, height, "punished once");
          height = block.height();
        }
      }
    }
    return height;
  }

  private static void one_joins_one_leaves_one_is_punished(long seed) {
    StakeSim sim = new StakeSim(5, seed);
    for (int i = 1; i <= 6; i++) {
      sim.add(i);
    }
    sim.loss = 0.05 * sim.random.nextDouble();
    StakeNode first = sim.nodes.get(0);
    StakeNode joiner = sim.nodes.get(5);
    sim.to(2, 60_000, sim.nodes);
    assertEquals(0, joiner.votes, "no vote before its first epoch");
    sim.submit(sim.nodes.get(1), 6, stake(6));
    sim.submit(sim.nodes.get(3), 3, new Unstake(StakeSim.key(3), StakeSim.STAKE));
    sim.to(EPOCH, 60_000, sim.nodes);
    sim.nodes.get((int) (seed % 6)).restart();
    sim.to(2 * EPOCH, 60_000, sim.nodes);
    assertEquals(sorted(1, 2, 3, 4, 5), keys(first, 1), "seed " + seed);
    assertEquals(sorted(1, 2, 4, 5, 6), keys(first, 2), "seed " + seed);
    int votesOfLeaver = sim.nodes.get(2).votes;

    // From epoch 2 on validator 2 is two machines.
    StakeNode twin = sim.add(2);
    sim.to(4 * EPOCH, 240_000, sim.nodes);
    sim.nodes.get((int) (seed % 6)).restart();
    assertTrue(joiner.votes > 0, "the joiner votes, seed " + seed);
    assertEquals(votesOfLeaver, sim.nodes.get(2).votes, "who left votes no more, seed " + seed);
    long punished = 0;
    for (long epoch = 7; punished == 0 && epoch <= CAUGHT_EPOCHS_MAX; epoch++) {
      sim.to(epoch * EPOCH, 240_000, sim.nodes);
      punished = heightOfPunishment(sim);
    }
    assertTrue(punished > 0, "the twin was not punished, seed " + seed);
    long out = (punished - 1) / EPOCH + 2;
    sim.to((out + 1) * EPOCH, 240_000, sim.nodes);
    assertEquals(sorted(1, 4, 5, 6), keys(first, out), "seed " + seed);
    assertFalse(proposed(sim, 2, out * EPOCH + 1, (out + 1) * EPOCH), "seed " + seed);
    assertTrue(proposed(sim, 6, 2 * EPOCH + 1, (out + 1) * EPOCH), "seed " + seed);
    assertFalse(proposed(sim, 3, 2 * EPOCH + 1, (out + 1) * EPOCH), "seed " + seed);
    assertTrue(twin.height() > punished);
    assertEquals(1_009_000, worth(first, 2), "a tenth is gone, seed " + seed);

    // A node that has the genesis block alone learns the sets as it executes.
    sim.loss = 0;
    StakeNode late = sim.add(0);
    sim.to((out + 1) * EPOCH, 120_000, List.of(late));
    assertEquals(keys(first, out), keys(late, out));
    assertEquals(List.of(), late.penalties, "nobody is blamed for sets not known yet");
  }

  /// What the owner of a validator that left has and is still to be paid, but for the fees that it
  /// was paid.
  private static long worth(StakeNode node, int validator) {
    long fees = 0;
    for (Block block : node.chain()) {
      HeaderTuple tuple = HeaderTuple.decode(block.header().consensus());
      if (tuple.proposer().equals(StakeSim.account(validator))) {
        fees += block.transactions().stream().mapToLong(Transaction::fee).sum();
      }
    }
    List<Unbonding> unbonding =
        node.state()
            .get(StateKey.unbonding(StakeSim.key(validator)))
            .map(Unbonding::decode)
            .orElse(List.of());
    return node.state().account(StakeSim.account(validator)).balance()
        - fees
        + unbonding.stream().mapToLong(Unbonding::amount).sum();
  }

  @Test
  void sets_change_and_all_agree() {
    for (long seed = 0; seed < SEEDS; seed++) {
      one_joins_one_leaves_one_is_punished(seed);
    }
  }
}
