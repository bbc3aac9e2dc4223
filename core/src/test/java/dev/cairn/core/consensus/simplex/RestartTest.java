package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.VoteRecord.Kind;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// What a validator still knows after a power cut that took everybody's memory. Found by `cairn
/// simulate consensus`: two validators of seven that voted for two blocks, then a power cut.
class RestartTest {

  private static final SimplexTiming TIMING = new SimplexTiming(1_000, 500, 100, 10, 5_000);
  private static final Origin PEER = new Origin("peer", 7);

  private final TestChain chain = new TestChain(1_000, 10_000, 1, 1, 1, 1);
  private final List<EngineEffect> effects = new ArrayList<>();
  private final Block block =
      chain.block(chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1, "block");

  private SimplexEngine validator() {
    return SimplexEngine.validator(chain.rules(), TIMING, chain.signer(1));
  }

  private void step(SimplexEngine engine, EngineInput input) {
    engine.step(input, new Now(0, TestChain.GENESIS_MILLIS), effects::add);
  }

  private List<VoteRecord> persisted() {
    return effects.stream()
        .filter(e -> e instanceof EngineEffect.Persist)
        .map(e -> ((EngineEffect.Persist) e).entry())
        .toList();
  }

  private List<Message> sent() {
    return effects.stream()
        .filter(e -> e instanceof EngineEffect.Broadcast)
        .map(e -> Message.decode(((EngineEffect.Broadcast) e).message().toArrayUnsafe()))
        .toList();
  }

  @Test
  void a_finalize_vote_never_outlives_the_certificate_that_it_rests_on() {
    SimplexEngine engine = validator();
    step(engine, new EngineInput.Started(chain.genesisTip(), List.of()));
    Bytes seal = Bytes.wrap(chain.proposal(0, 0, 1, 0, block).encode());
    step(engine, new EngineInput.BlockReceived(block, seal, PEER));
    step(engine, new EngineInput.Checked(block.id(), Verdict.accept()));
    Certificate notarized = chain.certificate(new Notarize(0, 1, block.id()), 0, 2, 3);
    effects.clear();
    step(engine, new EngineInput.MessageReceived(Bytes.wrap(notarized.encode()), PEER));
    List<VoteRecord> log = persisted();
    assertEquals(List.of(Kind.CERTIFICATE, Kind.VOTE), log.stream().map(VoteRecord::kind).toList());

    SimplexEngine restarted = validator();
    effects.clear();
    step(restarted, new EngineInput.Started(chain.genesisTip(), log));
    restarted.tick(new Now(0, TestChain.GENESIS_MILLIS), effects::add);
    assertTrue(sent().contains(notarized), "it shows the others what clears the slot");
    assertTrue(
        sent().contains(chain.vote(1, new Finalize(0, 1, block.id()))), "and repeats its vote");
  }
}
