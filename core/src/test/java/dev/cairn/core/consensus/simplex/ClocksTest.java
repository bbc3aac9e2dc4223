package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// A chain whose time is ahead of a validator's clock, because that clock or others were wrong.
class ClocksTest {

  private static final SimplexTiming TIMING = new SimplexTiming(1_000, 500, 100, 10, 5_000);
  private static final Origin PEER = new Origin("peer", 7);
  private static final long BEHIND_MILLIS = 3_600_000;

  private final List<EngineEffect> effects = new ArrayList<>();
  private TestChain chain = new TestChain(1_000, 10_000, 1);
  private SimplexEngine engine = SimplexEngine.observer(chain.rules(), TIMING);

  private void validator(int index, long... stakes) {
    chain = new TestChain(1_000, 10_000, stakes);
    engine = SimplexEngine.validator(chain.rules(), TIMING, chain.signer(index));
    step(new EngineInput.Started(chain.genesisTip(), List.of()), 0);
  }

  private void step(EngineInput input, long millis) {
    effects.clear();
    long wall = TestChain.GENESIS_MILLIS + millis - BEHIND_MILLIS;
    engine.step(input, new Now(millis * 1_000_000, wall), effects::add);
  }

  private <T> List<T> of(Class<T> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void a_leader_whose_clock_is_behind_the_chain_makes_a_block_with_the_least_time() {
    validator(0, 1);
    step(new EngineInput.Pending(true), 20);
    List<EngineEffect.Build> asked = of(EngineEffect.Build.class);
    assertEquals(1, asked.size());
    assertEquals(TestChain.GENESIS_MILLIS + 1, asked.getFirst().timeMillis());
  }

  /// How many votes a block of this time, one above genesis, gets at once.
  private int votes(long time) {
    validator(1, 1, 1, 1, 1);
    Block block = chain.block(chain.genesis(), 0, time, "block");
    Bytes seal = Bytes.wrap(chain.proposal(0, 0, 1, 0, block).encode());
    step(new EngineInput.BlockReceived(block, seal, PEER), 20);
    step(new EngineInput.Checked(block.id(), Verdict.accept()), 20);
    return of(EngineEffect.Broadcast.class).size();
  }

  @Test
  void a_block_with_the_least_time_is_voted_for_whatever_the_clock_says() {
    assertEquals(1, votes(TestChain.GENESIS_MILLIS + 1));
  }

  @Test
  void a_block_that_moves_time_on_beyond_the_clock_waits() {
    assertEquals(0, votes(TestChain.GENESIS_MILLIS + 2));
  }
}
