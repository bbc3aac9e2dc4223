package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.Tip;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Inputs and the exact effects that follow.
class SimplexTranscriptTest {

  private static final SimplexTiming TIMING = new SimplexTiming(1_000, 500, 100, 10, 5_000);
  private static final Origin PEER = new Origin("peer", 7);

  private final Transcript transcript = new Transcript();
  private final List<EngineEffect> effects = new ArrayList<>();
  private final List<VoteRecord> log = new ArrayList<>();
  private TestChain chain = new TestChain(1_000, 10_000, 1);
  private SimplexEngine engine = SimplexEngine.observer(chain.rules(), TIMING);
  private long millis;

  private void validator(int index, long... stakes) {
    chain = new TestChain(1_000, 10_000, stakes);
    engine = SimplexEngine.validator(chain.rules(), TIMING, chain.signer(index));
    transcript.name(chain.genesis().id(), "genesis");
  }

  private Now now() {
    return new Now(millis * 1_000_000, TestChain.GENESIS_MILLIS + millis);
  }

  private String step(EngineInput input) {
    effects.clear();
    engine.step(input, now(), effects::add);
    return told();
  }

  private String tick(long atMillis) {
    millis = atMillis;
    effects.clear();
    engine.tick(now(), effects::add);
    return told();
  }

  private String told() {
    StringBuilder text = new StringBuilder();
    for (EngineEffect effect : effects) {
      if (effect instanceof EngineEffect.Persist p) {
        log.add(p.entry());
      }
      text.append(transcript.line(effect)).append('\n');
    }
    return text.toString();
  }

  private String start(Tip tip, List<VoteRecord> records) {
    return step(new EngineInput.Started(tip, records));
  }

  private Block built(String name, Block parent, int proposer, long timeMillis) {
    Block block = chain.block(parent, proposer, timeMillis, name);
    transcript.name(block.id(), name);
    return block;
  }

  private String receive(Message message) {
    return step(new EngineInput.MessageReceived(Bytes.wrap(message.encode()), PEER));
  }

  private String receive(Block block, Message seal) {
    return step(new EngineInput.BlockReceived(block, Bytes.wrap(seal.encode()), PEER));
  }

  private String accept(Block block) {
    return step(new EngineInput.Checked(block.id(), Verdict.accept()));
  }

  private static String lines(String... lines) {
    return String.join("\n", lines) + (lines.length == 0 ? "" : "\n");
  }

  @Test
  void one_validator_makes_a_block_final_in_the_step_that_takes_it() {
    validator(0, 1);
    assertEquals(lines("head genesis"), start(chain.genesisTip(), List.of()));
    millis = 100;
    assertEquals(lines("build slot 1 on genesis"), step(new EngineInput.Pending(true)));
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 100);
    assertEquals(
        lines(
            "persist proposal 1 upon 0 A",
            "persist notarize 1 A by 0",
            "head A",
            "persist finalize 1 A by 0",
            "final A",
            "send A with finalize 1 A by all of 0x01"),
        step(new EngineInput.Built(1, a)));
    assertEquals("", step(new EngineInput.Pending(false)));
    // The next block is made at once when the least interval is over, or after the longest silence.
    assertEquals("", step(new EngineInput.Pending(true)));
    assertEquals(110_000_000, engine.deadlineNanos());
    assertEquals(lines("build slot 2 on A"), tick(110));
    assertEquals("", step(new EngineInput.NothingToBuild(2)));
    assertEquals(10_100_000_000L, engine.deadlineNanos());
    assertEquals(lines("build slot 2 on A even empty"), tick(10_100));
  }

  @Test
  void one_validator_finishes_after_a_restart_what_its_log_holds() {
    validator(0, 1);
    start(chain.genesisTip(), List.of());
    millis = 100;
    step(new EngineInput.Pending(true));
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 100);
    step(new EngineInput.Built(1, a));
    for (int kept = 1; kept <= log.size(); kept++) {
      validator(0, 1);
      assertEquals(
          lines("head genesis", "check A"), start(chain.genesisTip(), log.subList(0, kept)));
      String all = accept(a);
      assertEquals(kept < 2, all.contains("persist notarize 1 A by 0"), all);
      assertEquals(kept < 3, all.contains("persist finalize 1 A by 0"), all);
      assertTrue(all.contains(lines("final A", "send A with finalize 1 A by all of 0x01")), all);
    }
  }

  @Test
  void four_validators_reach_finality_in_three_hops() {
    validator(1, 1, 1, 1, 1);
    start(chain.genesisTip(), List.of());
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1);
    millis = 5;
    assertEquals(lines("judge Accept[]", "check A"), receive(a, chain.proposal(0, 0, 1, 0, a)));
    assertEquals(
        lines("persist proposal 1 upon 0 A", "persist notarize 1 A by 1", "send notarize 1 A by 1"),
        accept(a));
    assertEquals(lines("judge Accept[]"), receive(chain.vote(0, new Notarize(0, 1, a.id()))));
    assertEquals(
        lines(
            "judge Accept[]",
            "head A",
            "persist notarize 1 A by all of 0x07",
            "persist finalize 1 A by 1",
            "send finalize 1 A by 1"),
        receive(chain.vote(2, new Notarize(0, 1, a.id()))));
    assertEquals(lines("build slot 2 on A"), step(new EngineInput.Pending(true)) + tick(15));
    Block b = built("B", a, 1, TestChain.GENESIS_MILLIS + 15);
    assertEquals(
        lines(
            "persist proposal 2 upon 1 B",
            "persist notarize 2 B by 1",
            "send B with proposal 2 upon 1 B",
            "send notarize 2 B by 1"),
        step(new EngineInput.Built(2, b)));
    assertEquals(lines("judge Accept[]"), receive(chain.vote(0, new Finalize(0, 1, a.id()))));
    assertEquals(
        lines("judge Accept[]", "final A"), receive(chain.vote(3, new Finalize(0, 1, a.id()))));
  }

  @Test
  void a_silent_leader_is_skipped_and_the_next_one_builds_on_what_was_there() {
    validator(1, 1, 1, 1, 1);
    start(chain.genesisTip(), List.of());
    assertEquals("", step(new EngineInput.Pending(true)));
    assertEquals(1_000_000_000, engine.deadlineNanos());
    assertEquals(lines("persist skip 1 by 1", "send skip 1 by 1"), tick(1_000));
    assertEquals(1_500_000_000, engine.deadlineNanos());
    assertEquals(lines("resend skip 1 by 1"), tick(1_500));
    assertEquals(2_500_000_000L, engine.deadlineNanos());
    receive(chain.vote(2, new Skip(0, 1)));
    assertEquals(
        lines("judge Accept[]", "build slot 2 on genesis"), receive(chain.vote(3, new Skip(0, 1))));
    Block b = built("B", chain.genesis(), 1, TestChain.GENESIS_MILLIS + 1_500);
    assertEquals(
        lines(
            "resend skip 1 by all of 0x0e",
            "persist proposal 2 upon 0 B",
            "persist notarize 2 B by 1",
            "send B with proposal 2 upon 0 B",
            "send notarize 2 B by 1"),
        step(new EngineInput.Built(2, b)));
  }

  @Test
  void skip_and_finalize_are_never_both_voted() {
    validator(1, 1, 1, 1, 1);
    start(chain.genesisTip(), List.of());
    step(new EngineInput.Pending(true));
    tick(1_000);
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1);
    receive(a, chain.proposal(0, 0, 1, 0, a));
    assertEquals(
        lines("persist proposal 1 upon 0 A", "persist notarize 1 A by 1", "send notarize 1 A by 1"),
        accept(a),
        "notarize after skip is allowed");
    receive(chain.vote(0, new Notarize(0, 1, a.id())));
    assertEquals(
        lines("judge Accept[]", "head A"),
        receive(chain.vote(2, new Notarize(0, 1, a.id()))),
        "finalize after skip is not");
  }

  @Test
  void a_repeat_after_a_restart_is_the_stored_vote() {
    validator(1, 1, 1, 1, 1);
    start(chain.genesisTip(), List.of());
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1);
    receive(a, chain.proposal(0, 0, 1, 0, a));
    accept(a);
    List<VoteRecord> records = List.copyOf(log);
    validator(1, 1, 1, 1, 1);
    assertEquals(lines("head genesis", "check A"), start(chain.genesisTip(), records));
    assertEquals(lines("resend notarize 1 A by 1"), tick(0));
    assertEquals("", accept(a));
    Block other = built("B", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 2);
    assertEquals(
        lines(
            "misbehaviour proposal 1 upon 0 A and proposal 1 upon 0 B",
            "judge Accept[]",
            "check B"),
        receive(other, chain.proposal(0, 0, 1, 0, other)));
    assertEquals("", accept(other), "no second vote in the slot");
  }

  @Test
  void a_floor_in_the_log_keeps_an_old_slot_from_being_voted_again() {
    validator(1, 1, 1, 1, 1);
    start(chain.genesisTip(), List.of(VoteRecord.floor(0, 1)));
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1);
    receive(a, chain.proposal(0, 0, 1, 0, a));
    assertEquals("", accept(a));
    assertEquals("", tick(5_000));
  }

  @Test
  void an_observer_follows_certificates_and_asks_for_what_it_lacks() {
    validator(0, 1);
    engine = SimplexEngine.observer(chain.rules(), TIMING);
    start(chain.genesisTip(), List.of());
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1);
    Block b = built("B", a, 0, TestChain.GENESIS_MILLIS + 900_000);
    assertEquals(
        lines("judge Accept[]"), receive(b, chain.certificate(new Finalize(0, 2, b.id()), 0)));
    assertEquals(100_000_000, engine.deadlineNanos());
    assertEquals(lines("request A of peer"), tick(100));
    assertEquals(
        lines("judge Accept[]", "check A"),
        step(new EngineInput.BlockReceived(a, Bytes.EMPTY, PEER)));
    assertEquals(lines("check B"), accept(a));
    assertEquals(lines("final B", "head B"), accept(b));
    assertEquals(Long.MAX_VALUE, engine.deadlineNanos());
  }

  @Test
  void a_block_from_the_future_is_voted_for_when_its_time_comes() {
    validator(1, 1, 1, 1, 1);
    start(chain.genesisTip(), List.of());
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 700);
    receive(a, chain.proposal(0, 0, 1, 0, a));
    assertEquals("", accept(a));
    assertEquals(200_000_000, engine.deadlineNanos());
    assertEquals("", tick(199));
    assertEquals(
        lines("persist proposal 1 upon 0 A", "persist notarize 1 A by 1", "send notarize 1 A by 1"),
        tick(200));
  }

  @Test
  void the_last_block_of_an_epoch_is_proposed_again_until_it_is_final() {
    chain = new TestChain(1, 10_000, 1, 1, 1, 1);
    engine = SimplexEngine.validator(chain.rules(), TIMING, chain.signer(1));
    start(chain.genesisTip(), List.of());
    Block a = built("A", chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1);
    receive(a, chain.proposal(0, 0, 1, 0, a));
    accept(a);
    receive(chain.certificate(new Notarize(0, 1, a.id()), 0, 1, 2));
    assertEquals("", step(new EngineInput.Pending(true)), "no block above the epoch's last");
    assertEquals(
        lines(
            "resend notarize 1 A by all of 0x07",
            "persist proposal 2 upon 1 A",
            "persist notarize 2 A by 1",
            "send A with proposal 2 upon 1 A",
            "send notarize 2 A by 1"),
        tick(500).replaceAll("(?m)^resend (?!notarize 1 A by all).*\\n", ""));
    assertEquals(
        lines("judge Accept[]", "final A", "send finalize 2 A by all of 0x07", "prune 0/2"),
        receive(chain.certificate(new Finalize(0, 2, a.id()), 0, 1, 2)));
    Block b = built("B", a, 0, TestChain.GENESIS_MILLIS + 600);
    assertEquals(lines("judge Accept[]", "check B"), receive(b, chain.proposal(0, 1, 1, 0, b)));
  }
}
