package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.consensus.ConsensusView;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// When a validator's key is used, and what the engine shows of the votes.
class KeyUseTest {

  private final TestChain chain = new TestChain(1_000, 10_000, 1, 1, 1, 1);
  private final List<EngineEffect> effects = new ArrayList<>();
  private SimplexEngine engine =
      SimplexEngine.silentValidator(chain.rules(), SimplexTiming.STANDARD, chain.signer(0));
  private long millis;

  private Now now() {
    return new Now(millis * 1_000_000, TestChain.GENESIS_MILLIS + millis);
  }

  private void step(EngineInput input) {
    effects.clear();
    engine.step(input, now(), effects::add);
  }

  private void start(List<VoteRecord> records) {
    step(new EngineInput.Started(chain.genesisTip(), records));
  }

  private void tick(long atMillis) {
    millis = atMillis;
    engine.tick(now(), effects::add);
  }

  private boolean signed() {
    return effects.stream().anyMatch(EngineEffect.Persist.class::isInstance);
  }

  private ConsensusView view() {
    return engine.consensus().orElseThrow();
  }

  @Test
  void a_silent_validator_signs_nothing_until_it_is_allowed() {
    start(List.of());
    step(new EngineInput.Pending(true));
    tick(60_000);
    assertFalse(signed());
    assertEquals(0, view().self());
    assertFalse(view().voting());
    step(new EngineInput.Voting(true));
    step(new EngineInput.Pending(true));
    tick(120_000);
    assertTrue(signed());
    assertTrue(view().voting());
  }

  @Test
  void one_that_is_silenced_signs_nothing_more_even_when_allowed_again() {
    start(List.of());
    step(new EngineInput.Voting(true));
    step(new EngineInput.Voting(false));
    step(new EngineInput.Pending(true));
    tick(60_000);
    assertFalse(signed());
    step(new EngineInput.Voting(true));
    step(new EngineInput.Pending(true));
    tick(120_000);
    assertFalse(signed(), "what it voted before is not known any more");
  }

  @Test
  void a_floor_in_the_vote_log_keeps_it_from_the_slots_below() {
    start(List.of(VoteRecord.floor(0, 1)));
    step(new EngineInput.Voting(true));
    step(new EngineInput.Pending(true));
    tick(60_000);
    assertFalse(signed());
  }

  @Test
  void an_observer_shows_whose_votes_are_missing() {
    engine = SimplexEngine.observer(chain.rules(), SimplexTiming.STANDARD);
    start(List.of());
    assertEquals(List.of(), view().missing());
    assertTrue(view().waitingFor().isEmpty(), "an idle chain waits for nobody");
    assertEquals(-1, view().self());
    assertEquals(3, view().quorum());
    skip(0);
    skip(3);
    assertEquals(1, view().waitingFor().orElseThrow().slot());
    assertEquals(List.of(0, 3), view().waitingFor().orElseThrow().toSkip());
    assertEquals(List.of(1, 2), view().missing());
    skip(2);
    assertEquals(2, view().slot(), "a quorum cleared the slot");
    assertEquals(List.of(), view().missing());
  }

  private void skip(int voter) {
    Vote vote = chain.vote(voter, new Skip(0, 1));
    step(new EngineInput.MessageReceived(Bytes.wrap(vote.encode()), new Origin("peer", 1)));
  }
}
