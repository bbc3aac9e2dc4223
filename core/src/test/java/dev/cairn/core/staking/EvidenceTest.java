package dev.cairn.core.staking;

import static dev.cairn.core.staking.StakeChain.EPOCH;
import static dev.cairn.core.staking.StakeChain.FUNDS;
import static dev.cairn.core.staking.StakeChain.STAKE;
import static dev.cairn.core.staking.StakeChain.key;
import static dev.cairn.core.staking.StakeChain.stake;
import static dev.cairn.core.staking.StakeChain.validator;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.consensus.simplex.Certificate;
import dev.cairn.core.consensus.simplex.Evidence;
import dev.cairn.core.consensus.simplex.Message;
import dev.cairn.core.consensus.simplex.Proposal;
import dev.cairn.core.consensus.simplex.Statement;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.core.consensus.simplex.Vote;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.Slice;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// What evidence proves, and what it does to the accused.
class EvidenceTest {

  private static final Cid A = Cid.hash(Cid.DAG_CBOR, new byte[] {1});
  private static final Cid B = Cid.hash(Cid.DAG_CBOR, new byte[] {2});

  private StakeChain chain = new StakeChain(3);

  private Vote vote(int validator, Statement statement) {
    SigningDomain domain = chain.spec.domainAt(statement.epoch() * EPOCH + 1);
    byte[] message = domain.message(Certificate.VOTE, Slice.of(statement.encode()));
    List<Integer> order = chain.ordered(statement.epoch());
    int index = Math.max(0, order.indexOf(validator));
    return new Vote(statement, index, Bytes.wrap(validator(validator).sign(message)));
  }

  private Proposal proposal(int validator, long slot, long parent, Cid block) {
    SigningDomain domain = chain.spec.domainAt(1);
    byte[] message =
        domain.message(Proposal.KIND, Slice.of(Proposal.content(0, slot, parent, block)));
    return new Proposal(0, slot, parent, block, Bytes.wrap(validator(validator).sign(message)));
  }

  private Transaction accuse(int validator, Message first, Message second) {
    Bytes evidence = new Evidence(first, second).encode();
    return chain.sign(validator(1), new Accusation(key(validator), evidence));
  }

  private Transaction twoBlocks(int validator, long epoch) {
    return accuse(
        validator,
        vote(validator, new Notarize(epoch, 7, A)),
        vote(validator, new Notarize(epoch, 7, B)));
  }

  @Test
  void all_kinds_of_contradictions_are_punished_and_nothing_else_is_well_formed() {
    Notarize n = new Notarize(0, 1, A);
    Finalize f = new Finalize(0, 1, A);
    Skip s = new Skip(0, 1);
    for (Transaction good :
        List.of(
            twoBlocks(3, 0),
            accuse(3, vote(3, f), vote(3, new Finalize(0, 1, B))),
            accuse(3, vote(3, s), vote(3, f)),
            accuse(3, vote(3, f), vote(3, s)),
            accuse(3, proposal(3, 2, 1, A), proposal(3, 2, 1, B)),
            accuse(3, proposal(3, 2, 1, A), proposal(3, 2, 0, A)))) {
      assertEquals("", chain.refusal(good));
    }
    malformed(vote(3, n), vote(3, n));
    malformed(vote(3, n), vote(3, f));
    malformed(vote(3, n), vote(3, s));
    malformed(vote(3, s), vote(3, s));
    malformed(vote(3, n), vote(3, new Notarize(0, 2, B)));
    malformed(vote(3, new Notarize(1, 1, B)), vote(3, n));
    malformed(proposal(3, 2, 1, A), proposal(3, 2, 1, A));
    malformed(proposal(3, 2, 1, A), proposal(3, 3, 1, B));
    malformed(proposal(3, 1, 0, A), vote(3, n));
  }

  private void malformed(Message first, Message second) {
    assertThrows(MalformedException.class, () -> accuse(3, first, second));
  }

  @Test
  void both_signatures_have_to_be_the_accuseds() {
    Vote own = vote(3, new Notarize(0, 1, A));
    Vote other = vote(2, new Notarize(0, 1, B));
    Vote forged = new Vote(other.statement(), own.voter(), other.signature());
    assertTrue(chain.refusal(accuse(3, own, forged)).contains("did not sign both"));
    assertTrue(chain.refusal(accuse(3, forged, own)).contains("did not sign both"));
    Vote good = vote(3, new Notarize(0, 1, B));
    Vote elsewhere = new Vote(good.statement(), good.voter() == 0 ? 1 : 0, good.signature());
    assertTrue(chain.refusal(accuse(3, own, elsewhere)).contains("did not sign both"));
    assertEquals("", chain.refusal(accuse(3, own, good)));
    Transaction stranger =
        accuse(7, vote(7, new Notarize(0, 1, A)), vote(7, new Notarize(0, 1, B)));
    assertTrue(chain.refusal(stranger).contains("no validator of epoch 0"));
  }

  @Test
  void the_offender_loses_its_share_and_its_seat_for_good() {
    chain.to(1);
    chain.block(chain.sign(3, new Unstake(key(3), 2_000)));
    chain.block(twoBlocks(3, 0));
    assertTrue(chain.state().validator(key(3)).isEmpty());
    List<Unbonding> unbonding =
        chain.state().get(StateKey.unbonding(key(3))).map(Unbonding::decode).orElseThrow();
    assertEquals(List.of(1_800L, 7_200L), unbonding.stream().map(Unbonding::amount).toList());
    chain.to(4);
    assertEquals(List.of(1, 2, 3), chain.set(1));
    assertEquals(List.of(1, 2), chain.set(2));
    assertTrue(chain.refusal(chain.sign(3, stake(3, 3, 5_000))).contains("shut out"));
    chain.to(16);
    assertEquals(FUNDS + 9_000, chain.balance(3));
    assertTrue(Offences.punished(chain.state(), key(3)));
  }

  @Test
  void an_offender_is_punished_once() {
    chain.block(twoBlocks(3, 0));
    assertTrue(chain.refusal(twoBlocks(3, 0)).contains("punished before"));
    Transaction another = accuse(3, vote(3, new Skip(0, 9)), vote(3, new Finalize(0, 9, A)));
    assertTrue(chain.refusal(another).contains("punished before"));
    assertEquals("", chain.refusal(twoBlocks(2, 0)), "another offender");
  }

  @Test
  void evidence_expires_with_the_set_of_its_epoch() {
    chain.to(11);
    Transaction last = twoBlocks(3, 0);
    assertEquals("", chain.refusal(last), "in the last block of epoch 2");
    chain.to(12);
    assertTrue(chain.refusal(twoBlocks(3, 0)).contains("epoch 0, which is too far"));
    assertEquals("", chain.refusal(twoBlocks(3, 1)));
    assertEquals("", chain.refusal(twoBlocks(3, 4)), "of the coming epoch");
    assertTrue(chain.refusal(twoBlocks(3, 5)).contains("too far"));
  }

  @Test
  void who_left_is_punished_while_evidence_lasts() {
    chain.block(chain.sign(3, new Unstake(key(3), STAKE)));
    chain.to(15);
    chain.block(twoBlocks(3, 1));
    assertEquals(FUNDS + STAKE / 10 * 9, chain.balance(3), "punished first, then paid, at 16");
  }

  @Test
  void the_last_validator_stays() {
    chain = new StakeChain(1);
    chain.block(twoBlocks(1, 0));
    assertEquals(STAKE / 10 * 9, chain.state().validator(key(1)).orElseThrow().stake());
    chain.to(4);
    assertEquals(List.of(1), chain.set(2));
    assertTrue(chain.refusal(twoBlocks(1, 0)).contains("punished before"));
  }

  @Test
  void a_report_is_free_and_other_transactions_are_not() {
    chain = new StakeChain(3, StakeChain.UNBONDING, 1);
    assertEquals("", chain.refusal(twoBlocks(3, 0)));
    assertTrue(chain.refusal(chain.sign(3, new Unstake(key(3), 1))).contains("least fee"));
  }
}
