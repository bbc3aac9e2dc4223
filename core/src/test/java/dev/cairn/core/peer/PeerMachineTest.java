package dev.cairn.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.Verdict;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.peer.PeerEffect.Finalized;
import dev.cairn.core.peer.PeerEffect.GossipBlock;
import dev.cairn.core.peer.PeerEffect.GossipTransactions;
import dev.cairn.core.peer.PeerEffect.Penalize;
import dev.cairn.core.peer.PeerEffect.Report;
import dev.cairn.core.peer.PeerEffect.RequestBlocks;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.RangeRequest;
import dev.cairn.core.sync.Status;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class PeerMachineTest {

  private static final TestChain CHAIN = new TestChain(40);

  private final TestChain chain = CHAIN;
  private final TestPeer leader = TestPeer.validator(chain);
  private final TestPeer follower = TestPeer.follower(chain);

  /// A final block with one transfer, as the leader gossips it.
  private BlockMessage blockOf(Transaction transaction) {
    leader.millis += 20;
    return TestPeer.of(GossipBlock.class, leader.submit(transaction)).getFirst().message();
  }

  private BlockMessage nextBlock() {
    return blockOf(chain.transfer(0, leader.machine.view().finalizedHeight(), 1, 5));
  }

  @Test
  void the_leader_persists_commits_and_only_then_tells() {
    Transaction transfer = chain.transfer(0, 0, 1, 5);
    List<PeerEffect> effects = leader.submit(transfer);
    assertEquals(
        List.of(
            "Submitted", "PersistVote", "PersistVote", "PersistVote", "Finalized", "GossipBlock"),
        TestPeer.kinds(effects));
    Finalized done = TestPeer.of(Finalized.class, effects).getFirst();
    assertEquals(List.of(transfer), done.block().transactions());
    assertEquals(done.block().id(), leader.store.head().orElseThrow().block());
    assertTrue(
        CertificateVerifier.of(chain.spec())
            .verify(done.block().header(), done.certificate())
            .accepted());
    assertEquals(0, leader.machine.view().mempool());
    assertEquals(1, leader.machine.view().finalizedHeight());
  }

  @Test
  void a_follower_gossips_what_it_is_given_and_follows_the_leader() {
    Transaction transfer = chain.transfer(0, 0, 1, 5);
    List<PeerEffect> effects = follower.submit(transfer);
    assertEquals(List.of("Submitted", "GossipTransactions"), TestPeer.kinds(effects));
    assertEquals(1, follower.machine.view().mempool());

    effects = leader.gossipTransactions("f", List.of(transfer));
    assertEquals(new Report(1, Verdict.accept()), effects.getFirst());
    BlockMessage block = TestPeer.of(GossipBlock.class, effects).getFirst().message();

    effects = follower.gossipBlock("l", block.encode());
    assertEquals(
        List.of(new Report(1, Verdict.accept()), new Finalized(block.block(), block.seal())),
        effects);
    assertEquals(leader.machine.view(), follower.machine.view());
    assertInstanceOf(
        Verdict.Ignore.class,
        TestPeer.of(Report.class, follower.gossipBlock("m", block.encode())).getFirst().verdict(),
        "a second copy is cheap");
  }

  @Test
  void gossiped_transactions_are_accepted_when_one_of_them_is_new_and_fits() {
    Transaction first = chain.transfer(0, 0, 1, 5);
    Transaction second = chain.transfer(2, 0, 1, 5);
    assertEquals(Verdict.accept(), verdict(follower.gossipTransactions("a", List.of(first))));
    assertInstanceOf(
        Verdict.Ignore.class, verdict(follower.gossipTransactions("b", List.of(first))));
    assertEquals(
        Verdict.accept(), verdict(follower.gossipTransactions("b", List.of(first, second))));
    Transaction far = chain.transfer(3, 64, 1, 5);
    Transaction cheap = chain.sign(3, 0, 1, first.payload());
    for (Transaction useless : List.of(far, cheap)) {
      assertInstanceOf(
          Verdict.Ignore.class, verdict(follower.gossipTransactions("c", List.of(useless))));
    }
  }

  private static Verdict verdict(List<PeerEffect> effects) {
    return TestPeer.of(Report.class, effects).getFirst().verdict();
  }

  @Test
  void forged_transactions_never_reach_the_machine() {
    Transaction good = chain.transfer(0, 0, 1, 5);
    Transaction elsewhere =
        Transaction.sign(
            new SigningDomain(Hash.sha256(new byte[1]), 0),
            chain.accountKey(0),
            0,
            TestChain.FEE,
            good.validUntil(),
            good.payload());
    byte[] tampered = good.encoded().toArray();
    tampered[tampered.length - 1] ^= 1;
    for (Transaction bad : List.of(elsewhere, Transaction.decode(tampered))) {
      byte[] message = TransactionsMessage.encode(List.of(good, bad));
      assertThrows(MalformedException.class, () -> follower.intake.transactions(1, "x", message));
      assertEquals(
          SubmitResult.Code.BAD_SIGNATURE, follower.intake.refusal(bad).orElseThrow().code());
    }
    assertTrue(follower.intake.refusal(good).isEmpty());
  }

  @Test
  void a_forged_certificate_is_rejected_and_its_sender_penalized() {
    BlockMessage block = nextBlock();
    byte[] seal = block.seal().toArray();
    seal[seal.length - 1] ^= 1;
    BlockMessage forged = new BlockMessage(block.block(), Bytes.wrap(seal));
    List<PeerEffect> effects = follower.gossipBlock("x", forged.encode());
    assertInstanceOf(Verdict.Reject.class, verdict(effects));
    assertEquals("x", TestPeer.of(Penalize.class, effects).getFirst().peer());
    assertEquals(0, follower.machine.view().finalizedHeight());
    // Another block's certificate is no better.
    BlockMessage borrowed = new BlockMessage(nextBlock().block(), block.seal());
    assertInstanceOf(Verdict.Reject.class, verdict(follower.gossipBlock("x", borrowed.encode())));
    // The control.
    assertEquals(Verdict.accept(), verdict(follower.gossipBlock("y", block.encode())));
  }

  @Test
  void a_block_without_a_seal_changes_nothing() {
    BlockMessage bare = new BlockMessage(nextBlock().block(), Bytes.EMPTY);
    List<PeerEffect> effects = follower.gossipBlock("x", bare.encode());
    assertFalse(verdict(effects).accepted());
    assertEquals(0, follower.machine.view().finalizedHeight());
  }

  @Test
  void a_certified_block_waits_for_its_parents() {
    BlockMessage first = nextBlock();
    BlockMessage second = nextBlock();
    follower.take(new PeerInput.PeerJoined("l"));
    follower.millis += 200;
    List<PeerEffect> effects = follower.gossipBlock("l", second.encode());
    assertEquals(
        List.of(new Report(1, Verdict.accept()), new PeerEffect.RequestStatus("l")), effects);
    assertFalse(verdict(follower.gossipBlock("m", second.encode())).accepted(), "held already");
    effects = follower.gossipBlock("l", first.encode());
    assertEquals(2, TestPeer.of(Finalized.class, effects).size());
    assertEquals(leader.machine.view(), follower.machine.view());
  }

  @Test
  void a_gap_that_gossip_does_not_fill_is_synced() {
    BlockMessage first = nextBlock();
    BlockMessage second = nextBlock();
    follower.take(new PeerInput.PeerJoined("l"));
    follower.take(new PeerInput.PeerStatus("l", leader.machine.view().status()));
    List<PeerEffect> effects = follower.pass(100);
    RequestBlocks request = TestPeer.of(RequestBlocks.class, effects).getFirst();
    assertEquals(new RequestBlocks(1, "l", new RangeRequest(1, 2)), request);
    assertTrue(follower.machine.view().syncing());
    effects =
        follower.take(new PeerInput.SyncAnswer(request.requestId(), "l", List.of(first, second)));
    assertEquals(2, TestPeer.of(Finalized.class, effects).size());
    assertFalse(follower.machine.view().syncing());
    assertEquals(leader.machine.view(), follower.machine.view());
  }

  @Test
  void a_restarted_peer_goes_on_from_its_store() {
    follower.gossipBlock("l", nextBlock().encode());
    TestPeer again = TestPeer.follower(chain, follower.store);
    assertEquals(1, again.machine.view().finalizedHeight());
    again.gossipBlock("l", nextBlock().encode());
    assertEquals(leader.machine.view(), again.machine.view());
  }

  @Test
  void a_peer_of_another_chain_is_told_and_let_go() {
    Status own = follower.machine.view().status();
    Status other =
        new Status(Hash.sha256(new byte[1]), own.genesis(), 9, own.head(), 9, own.finalized());
    follower.take(new PeerInput.PeerJoined("x"));
    PeerEffect.Disconnect parted =
        TestPeer.of(
                PeerEffect.Disconnect.class, follower.take(new PeerInput.PeerStatus("x", other)))
            .getFirst();
    assertEquals("x", parted.peer());
    assertTrue(parted.reason().contains("another chain"), parted.reason());
    assertEquals(List.of(), follower.take(new PeerInput.PeerStatus("x", own)));
  }

  @Test
  void a_peer_with_another_final_block_is_let_go() {
    BlockMessage block = nextBlock();
    follower.gossipBlock("l", block.encode());
    Status own = follower.machine.view().status();
    Status forked = new Status(own.chainId(), own.genesis(), 1, own.genesis(), 1, own.genesis());
    assertEquals(
        1,
        TestPeer.of(
                PeerEffect.Disconnect.class, follower.take(new PeerInput.PeerStatus("x", forked)))
            .size());
  }

  @Test
  void submissions_are_sent_at_once_and_then_together() {
    List<PeerEffect> effects = follower.submit(chain.transfer(0, 0, 1, 5));
    assertEquals(1, TestPeer.of(GossipTransactions.class, effects).size());
    for (int i = 1; i < 20; i++) {
      effects = follower.submit(chain.transfer(i, 0, 1, 5));
      assertEquals(List.of("Submitted"), TestPeer.kinds(effects), "within the pause");
    }
    effects = follower.pass(5);
    assertEquals(1, effects.size());
    assertEquals(
        19, TestPeer.of(GossipTransactions.class, effects).getFirst().transactions().size());
    follower.pass(5);
    effects = follower.submit(chain.transfer(20, 0, 1, 5));
    assertEquals(1, TestPeer.of(GossipTransactions.class, effects).size(), "at once again");
  }

  @Test
  void a_message_of_transactions_stays_within_its_limit() {
    List<Transaction> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      for (int nonce = 0; nonce < 12; nonce++) {
        many.add(chain.transfer(i, nonce, (i + 1) % 40, 5));
      }
    }
    many.forEach(transaction -> follower.step(new PeerInput.Submit(1, transaction)));
    List<GossipTransactions> messages = TestPeer.of(GossipTransactions.class, follower.due());
    int sent = 0;
    for (GossipTransactions message : messages) {
      byte[] encoded = TransactionsMessage.encode(message.transactions());
      assertTrue(encoded.length <= TransactionsMessage.BYTES_MAX, encoded.length + " bytes");
      sent += TransactionsMessage.decode(encoded).size();
    }
    assertEquals(many.size(), sent);
    assertTrue(messages.size() > 1, "the control: one message would not hold them");
    assertThrows(
        MalformedException.class,
        () -> TransactionsMessage.decode(TransactionsMessage.encode(many)));
  }

  @Test
  void a_transaction_that_stays_pending_is_sent_again_until_it_is_final() {
    Transaction transfer = chain.transfer(0, 0, 1, 5);
    follower.submit(transfer);
    assertEquals(List.of(), TestPeer.of(GossipTransactions.class, follower.pass(9_000)));
    assertEquals(
        List.of(new GossipTransactions(List.of(transfer), true)),
        TestPeer.of(GossipTransactions.class, follower.pass(1_000)));
    BlockMessage block =
        TestPeer.of(GossipBlock.class, leader.gossipTransactions("f", List.of(transfer)))
            .getFirst()
            .message();
    follower.gossipBlock("l", block.encode());
    assertEquals(List.of(), TestPeer.of(GossipTransactions.class, follower.pass(60_000)));
    assertEquals(0, follower.machine.view().mempool());
  }

  @Test
  void questions_are_answered_from_state_and_pool() {
    Transaction transfer = chain.transfer(0, 0, 1, 5);
    follower.submit(transfer);
    assertEquals(new Answer.Nonce(1, 1), ask(new Question.NextNonce(chain.address(0))));
    assertEquals(new Answer.Nonce(0, 0), ask(new Question.NextNonce(chain.address(1))));
    Answer pending = new Answer.Transactions(List.of(transfer));
    assertEquals(pending, ask(new Question.PendingTransaction(transfer.id())));
    assertEquals(pending, ask(new Question.PendingTransactions(10)));
    assertEquals(
        new Answer.Transactions(List.of()),
        ask(new Question.PendingTransaction(follower.machine.view().head())));
  }

  private Answer ask(Question question) {
    return TestPeer.of(PeerEffect.Answered.class, follower.take(new PeerInput.Query(3, question)))
        .getFirst()
        .answer();
  }

  @Test
  void nothing_is_taken_before_the_start() {
    assertThrows(
        IllegalStateException.class, () -> follower.step(new PeerInput.Started(List.of())));
  }
}
