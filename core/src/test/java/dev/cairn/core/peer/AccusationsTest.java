package dev.cairn.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.TestChain;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.consensus.simplex.Certificate;
import dev.cairn.core.consensus.simplex.Evidence;
import dev.cairn.core.consensus.simplex.Statement;
import dev.cairn.core.consensus.simplex.Vote;
import dev.cairn.core.ledger.Draft;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.ledger.View;
import dev.cairn.core.mempool.Mempool;
import dev.cairn.core.mempool.MempoolParams;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Evidence on its way into a block.
class AccusationsTest {

  private static final Now NOW = new Now(0, TestChain.GENESIS_TIME + 1_000);
  private static final Now LATER = new Now(60_000_000_000L, TestChain.GENESIS_TIME + 61_000);

  private final StakeSim sim = new StakeSim(3, 0);
  private final Ledger ledger = new Ledger(sim.spec, new MemoryChainStore());
  private final Accusations own =
      new Accusations(ledger, PeerParams.standard(), StakeSim.validator(1));
  private final Outbox outbox = new Outbox(PeerParams.standard());

  private Bytes evidence(int accused, Ed25519Key signer) {
    return new Evidence(vote(accused, signer, 1), vote(accused, signer, 2)).encode();
  }

  private Vote vote(int accused, Ed25519Key signer, int block) {
    List<Integer> order =
        IntStream.rangeClosed(1, 3).boxed().sorted(Comparator.comparing(StakeSim::key)).toList();
    Cid id = Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) block});
    Statement statement = new Statement.Notarize(0, 5, id);
    byte[] message = sim.spec.domainAt(1).message(Certificate.VOTE, Slice.of(statement.encode()));
    return new Vote(
        statement, Math.max(0, order.indexOf(accused)), Bytes.wrap(signer.sign(message)));
  }

  private Transaction report(int reporter, int accused, Ed25519Key signer) {
    Accusation accusation = new Accusation(StakeSim.key(accused), evidence(accused, signer));
    return Transaction.sign(
        sim.spec.domainAt(1),
        StakeSim.validator(reporter),
        0,
        0,
        NOW.wallMillis() + 60_000,
        accusation);
  }

  /// A final block with what waits.
  private Block block(Accusations from) {
    long time = ledger.finalState().time() + 1_000;
    Draft draft =
        new Draft(
            ledger.finalState().block(),
            time,
            Bytes.of(0x80),
            StakeSim.account(1),
            from.candidates(ledger.finalState(), time));
    Block block = ledger.assemble(draft, Sealer.NONE).block();
    ledger.finalize(block.id(), Bytes.of(1));
    return block;
  }

  @Test
  void what_the_engine_saw_is_reported_until_a_block_has_it() {
    own.caught(StakeSim.key(3), evidence(3, StakeSim.validator(3)), NOW);
    own.caught(StakeSim.key(3), evidence(3, StakeSim.validator(3)), NOW);
    assertEquals(NOW.nanos(), own.deadlineNanos());
    assertTrue(own.report(outbox, NOW));
    assertFalse(own.report(outbox, LATER), "it waits already");
    assertTrue(own.executable(ledger.finalState()));
    assertEquals(1, block(own).transactions().size());
    own.advanced(LATER);
    assertEquals(0, own.size());
    assertEquals(Long.MAX_VALUE, own.deadlineNanos());
    own.caught(StakeSim.key(3), evidence(3, StakeSim.validator(3)), LATER);
    assertFalse(own.report(outbox, LATER), "a key is punished once");
  }

  @Test
  void two_offenders_are_reported_one_after_the_other() {
    own.caught(StakeSim.key(2), evidence(2, StakeSim.validator(2)), NOW);
    own.caught(StakeSim.key(3), evidence(3, StakeSim.validator(3)), NOW);
    assertTrue(own.report(outbox, NOW));
    assertEquals(1, block(own).transactions().size(), "the second has the same nonce");
    own.advanced(LATER);
    assertTrue(own.report(outbox, LATER));
    assertEquals(1, block(own).transactions().size());
    own.advanced(LATER);
    assertEquals(0, own.size());
    assertEquals(1, ledger.finalState().validators().size());
  }

  @Test
  void one_report_of_an_offender_waits_and_forged_ones_do_not() {
    Accusations observer = new Accusations(ledger, PeerParams.standard());
    assertInstanceOf(
        Verdict.Reject.class, observer.add(report(1, 3, StakeSim.validator(2)), NOW), "forged");
    assertInstanceOf(
        Verdict.Reject.class, observer.add(report(1, 7, StakeSim.validator(7)), NOW), "a stranger");
    assertEquals(0, observer.size());
    Transaction first = report(1, 3, StakeSim.validator(3));
    assertTrue(observer.add(first, NOW).accepted());
    assertInstanceOf(
        Verdict.Ignore.class, observer.add(report(2, 3, StakeSim.validator(3)), NOW), "another");
    assertEquals(first, observer.get(first.id()).orElseThrow());
    assertTrue(observer.add(report(1, 2, StakeSim.validator(2)), NOW).accepted());
  }

  @Test
  void forged_evidence_is_rejected_and_what_another_state_may_admit_is_ignored() {
    Submissions submissions =
        new Submissions(
            ledger,
            new Mempool(MempoolParams.defaults(), ledger.rules()),
            new Accusations(ledger, PeerParams.standard()),
            MempoolParams.defaults());
    View head = ledger.finalState();
    assertInstanceOf(
        Verdict.Reject.class,
        submissions.heard(report(1, 3, StakeSim.validator(2)), head, NOW),
        "not signed by the accused");
    Accusation good = new Accusation(StakeSim.key(3), evidence(3, StakeSim.validator(3)));
    assertInstanceOf(
        Verdict.Ignore.class, submissions.heard(report(good, 9), head, NOW), "a nonce to come");
    Bytes far = new Evidence(vote(7, 1, 1), vote(7, 1, 2)).encode();
    assertInstanceOf(
        Verdict.Ignore.class,
        submissions.heard(report(new Accusation(StakeSim.key(3), far), 0), head, NOW),
        "of an epoch whose set is not known");
    assertTrue(submissions.heard(report(good, 0), head, NOW).accepted());
  }

  /// A vote of an epoch; nobody looks at its signature.
  private static Vote vote(long epoch, int voter, int block) {
    Cid id = Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) block});
    return new Vote(new Statement.Notarize(epoch, 5, id), voter, Bytes.wrap(new byte[64]));
  }

  private Transaction report(Accusation accusation, long nonce) {
    return Transaction.sign(
        sim.spec.domainAt(1),
        StakeSim.validator(1),
        nonce,
        0,
        NOW.wallMillis() + 60_000,
        accusation);
  }

  @Test
  void evidence_is_a_message_of_its_own() {
    Transaction evidence = report(1, 3, StakeSim.validator(3));
    Transaction other =
        Transaction.sign(
            sim.spec.domainAt(1),
            StakeSim.validator(2),
            0,
            10_000,
            NOW.wallMillis() + 60_000,
            new Transfer(StakeSim.account(1), 1));
    PeerIntake intake = new PeerIntake(new VerifiedSignatures(), sim.spec, () -> 1);
    byte[] both = TransactionsMessage.encode(List.of(other, evidence));
    assertThrows(MalformedException.class, () -> intake.transactions(1, "p", both));
    intake.transactions(1, "p", TransactionsMessage.encode(List.of(evidence)));
    intake.transactions(1, "p", TransactionsMessage.encode(List.of(other, other)));
    outbox.add(other);
    outbox.add(evidence);
    outbox.add(report(2, 3, StakeSim.validator(3)));
    List<Integer> sizes = new ArrayList<>();
    outbox.flush(
        0,
        id -> true,
        id -> false,
        id -> Optional.empty(),
        e -> sizes.add(((PeerEffect.GossipTransactions) e).transactions().size()));
    assertEquals(List.of(1, 1, 1), sizes);
  }

  @Test
  void a_report_that_is_too_old_makes_room_and_an_observer_makes_none() {
    Accusations observer = new Accusations(ledger, PeerParams.standard());
    assertTrue(observer.add(report(1, 3, StakeSim.validator(3)), NOW).accepted());
    observer.advanced(LATER);
    assertEquals(1, observer.size(), "valid until then");
    observer.advanced(new Now(0, LATER.wallMillis() + 1));
    assertEquals(0, observer.size());
    observer.caught(StakeSim.key(3), evidence(3, StakeSim.validator(3)), NOW);
    assertFalse(observer.report(outbox, NOW));
  }

  @Test
  void evidence_that_no_block_admits_is_given_up_after_a_while() {
    own.caught(StakeSim.key(3), evidence(3, StakeSim.validator(2)), NOW);
    for (int i = 0; i < Accusations.REFUSALS_MAX; i++) {
      assertEquals(NOW.nanos(), own.deadlineNanos());
      assertFalse(own.report(outbox, NOW));
      own.advanced(NOW);
    }
    assertEquals(Long.MAX_VALUE, own.deadlineNanos());
  }
}
