package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// What an engine takes, ignores and rejects of what comes from outside, and its limits.
class IntakeTest {

  private static final Origin PEER = new Origin("peer", 1);
  private static final Now NOW = new Now(0, TestChain.GENESIS_MILLIS + 1_000);

  private final TestChain chain = new TestChain(1_000, 10_000, 1, 1, 1, 1);
  private final SimplexEngine engine =
      SimplexEngine.observer(chain.rules(), SimplexTiming.STANDARD);
  private final List<EngineEffect> effects = new ArrayList<>();
  private final Block a = chain.block(chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1, "a");
  private final Block b = chain.block(chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1, "b");

  IntakeTest() {
    engine.step(new EngineInput.Started(chain.genesisTip(), List.of()), NOW, e -> {});
  }

  private Verdict step(EngineInput input) {
    effects.clear();
    engine.step(input, NOW, effects::add);
    List<Verdict> verdicts = new ArrayList<>();
    for (EngineEffect effect : effects) {
      if (effect instanceof EngineEffect.Judged j) {
        assertEquals(PEER, j.origin());
        verdicts.add(j.verdict());
      }
    }
    assertEquals(1, verdicts.size(), "one verdict for each input");
    return verdicts.getFirst();
  }

  private Verdict message(Message message) {
    return message(message.encode());
  }

  private Verdict message(byte[] bytes) {
    return step(new EngineInput.MessageReceived(Bytes.wrap(bytes), PEER));
  }

  private Verdict block(Block block, Message seal) {
    return step(new EngineInput.BlockReceived(block, Bytes.wrap(seal.encode()), PEER));
  }

  private static void rejected(Verdict verdict) {
    assertInstanceOf(Verdict.Reject.class, verdict);
  }

  private static void ignored(Verdict verdict) {
    assertInstanceOf(Verdict.Ignore.class, verdict);
  }

  private String evidence() {
    for (EngineEffect effect : effects) {
      if (effect instanceof EngineEffect.Misbehaviour m) {
        assertEquals(Evidence.decode(m.evidence()).encode(), m.evidence());
        return new Transcript().line(effect);
      }
    }
    return "";
  }

  @Test
  void takes_a_good_vote_once_and_rejects_a_forged_one() {
    Vote vote = chain.vote(1, new Notarize(0, 1, a.id()));
    assertTrue(message(vote).accepted());
    ignored(message(vote));
    rejected(message(new Vote(vote.statement(), 2, vote.signature())));
    rejected(message(new Vote(vote.statement(), 9, vote.signature())));
    rejected(message(new byte[] {(byte) 0x80}));
    rejected(message(new byte[Message.BYTES_MAX + 1]));
  }

  @Test
  void takes_a_proposal_of_the_slots_leader_only() {
    assertTrue(message(chain.proposal(0, 0, 1, 0, a)).accepted());
    ignored(message(chain.proposal(0, 0, 1, 0, a)));
    rejected(message(chain.proposal(0, 0, 2, 0, a)));
    rejected(block(b, chain.proposal(1, 0, 2, 0, a)));
  }

  @Test
  void a_slot_too_far_ahead_is_not_kept() {
    long last = 1L + Intake.SLOTS_AHEAD_MAX;
    assertTrue(message(chain.vote(1, new Skip(0, last))).accepted());
    ignored(message(chain.vote(1, new Skip(0, last + 1))));
    int leader = (int) (last % 4);
    ignored(message(chain.proposal(leader, 0, last + 1, 0, a)));
    assertTrue(message(chain.proposal((leader + 3) % 4, 0, last, 0, a)).accepted());
    long skip = 1L + Intake.CERTIFICATES_AHEAD_MAX;
    assertTrue(message(chain.certificate(new Skip(0, skip), 0, 1, 2)).accepted());
    ignored(message(chain.certificate(new Skip(0, skip + 1), 0, 1, 2)));
  }

  @Test
  void a_certificate_needs_a_quorum_of_good_signatures() {
    Statement statement = new Notarize(0, 1, a.id());
    Certificate good = chain.certificate(statement, 0, 1, 3);
    rejected(message(chain.certificate(statement, 0, 1)));
    rejected(message(new Certificate(statement, Bytes.of(0x0f), good.signatures())));
    rejected(message(new Certificate(statement, Bytes.of(0x07), good.signatures())));
    rejected(message(new Certificate(statement, Bytes.of(0x1b), good.signatures())));
    rejected(message(new Certificate(statement, Bytes.of(0x0b, 0), good.signatures())));
    Bytes more = Bytes.concatenate(good.signatures(), good.signatures().slice(0, 64));
    rejected(message(new Certificate(statement, good.signers(), more)));
    rejected(message(new Certificate(new Skip(0, 1), good.signers(), good.signatures())));
    assertTrue(message(good).accepted());
    ignored(message(good));
  }

  @Test
  void two_blocks_notarized_in_one_slot_are_evidence_once() {
    message(chain.vote(1, new Notarize(0, 1, a.id())));
    assertEquals("", evidence());
    assertTrue(message(chain.vote(1, new Notarize(0, 1, b.id()))).accepted());
    assertTrue(evidence().contains("notarize 1"), evidence());
    ignored(message(chain.vote(1, new Notarize(0, 1, chain.genesis().id()))));
    assertEquals("", evidence());
  }

  @Test
  void skip_and_finalize_in_one_slot_are_evidence_and_notarize_with_either_is_not() {
    message(chain.vote(1, new Notarize(0, 1, a.id())));
    message(chain.vote(1, new Skip(0, 1)));
    assertEquals("", evidence());
    message(chain.vote(1, new Finalize(0, 1, a.id())));
    assertTrue(evidence().contains("skip 1 by 1 and finalize 1"), evidence());
    message(chain.vote(2, new Finalize(0, 1, a.id())));
    message(chain.vote(2, new Notarize(0, 1, b.id())));
    assertEquals("", evidence());
    message(chain.vote(2, new Finalize(0, 1, b.id())));
    assertTrue(evidence().contains("and finalize 1"), evidence());
  }

  @Test
  void who_contradicts_itself_when_the_slot_is_settled_is_caught_a_while_longer() {
    message(chain.vote(1, new Notarize(0, 1, a.id())));
    assertTrue(message(chain.certificate(new Finalize(0, 1, a.id()), 0, 2, 3)).accepted());
    ignored(message(chain.vote(1, new Notarize(0, 1, a.id()))));
    ignored(message(chain.vote(2, new Notarize(0, 1, b.id()))));
    Vote forged = chain.vote(2, new Notarize(0, 1, b.id()));
    ignored(message(new Vote(forged.statement(), 1, forged.signature())));
    assertEquals("", evidence());
    assertTrue(message(chain.vote(1, new Notarize(0, 1, b.id()))).accepted());
    assertTrue(evidence().contains("notarize 1"), evidence());
  }

  @Test
  void settled_slots_are_remembered_up_to_a_limit() {
    int last = Instance.SETTLED_MAX + 2;
    for (int slot = 1; slot <= last; slot++) {
      message(chain.vote(1, new Skip(0, slot)));
    }
    assertTrue(message(chain.certificate(new Finalize(0, last, a.id()), 0, 2, 3)).accepted());
    ignored(message(chain.vote(1, new Finalize(0, 2, a.id()))));
    assertEquals("", evidence());
    message(chain.vote(1, new Finalize(0, 3, a.id())));
    assertTrue(evidence().contains("skip 3"), evidence());
  }

  @Test
  void a_block_without_a_seal_is_taken_only_when_asked_for() {
    ignored(step(new EngineInput.BlockReceived(a, Bytes.EMPTY, PEER)));
    message(chain.certificate(new Finalize(0, 1, a.id()), 0, 1, 2));
    assertTrue(step(new EngineInput.BlockReceived(a, Bytes.EMPTY, PEER)).accepted());
  }

  @Test
  void a_seal_that_does_not_speak_for_its_block_is_rejected() {
    rejected(block(b, chain.proposal(0, 0, 1, 0, a)));
    rejected(block(b, chain.certificate(new Finalize(0, 1, a.id()), 0, 1, 2)));
    rejected(block(a, chain.certificate(new Notarize(0, 1, a.id()), 0, 1, 2)));
    rejected(block(a, chain.vote(0, new Finalize(0, 1, a.id()))));
    rejected(step(new EngineInput.BlockReceived(a, Bytes.of(1, 2), PEER)));
  }

  @Test
  void a_block_too_far_above_the_tip_says_that_this_node_is_behind() {
    Block high = chain.genesis();
    for (int i = 0; i <= BlockTree.CATCH_UP_MAX; i++) {
      high = chain.block(high, 0, TestChain.GENESIS_MILLIS + 1 + i, "x");
    }
    Certificate certificate = chain.certificate(new Finalize(0, 90, high.id()), 0, 1, 2);
    assertTrue(block(high, certificate).accepted());
    assertTrue(effects.contains(new EngineEffect.Behind("peer")));
    assertTrue(engine.block(high.id()).isEmpty());
  }

  @Test
  void blocks_of_a_greedy_leader_are_bounded() {
    // Each slot's leader may propose one block; what no slot can use any more is let go.
    int accepted = 0;
    for (long slot = 1; slot <= 3L * BlockTree.BLOCKS_MAX; slot++) {
      Block block = chain.block(chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1, "slot " + slot);
      Proposal proposal = chain.proposal((int) ((slot - 1) % 4), 0, slot, 0, block);
      accepted += block(block, proposal).accepted() ? 1 : 0;
      message(chain.certificate(new Skip(0, slot), 0, 1, 2));
    }
    assertEquals(3 * BlockTree.BLOCKS_MAX, accepted);
    int held = 0;
    for (long slot = 1; slot <= 3L * BlockTree.BLOCKS_MAX; slot++) {
      Block block = chain.block(chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1, "slot " + slot);
      held += engine.block(block.id()).isPresent() ? 1 : 0;
    }
    assertTrue(held <= BlockTree.BLOCKS_MAX, held + " held");
  }
}
