package dev.cairn.core.staking;

import static dev.cairn.core.staking.StakeChain.FUNDS;
import static dev.cairn.core.staking.StakeChain.MIN;
import static dev.cairn.core.staking.StakeChain.STAKE;
import static dev.cairn.core.staking.StakeChain.account;
import static dev.cairn.core.staking.StakeChain.key;
import static dev.cairn.core.staking.StakeChain.stake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.ValidatorSets;
import dev.cairn.core.ledger.Execution;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.Transaction;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Validators come and go at the ends of epochs of four blocks: epoch e has the heights 4e+1 to
/// 4e+4.
class StakingTest {

  private final StakeChain chain = new StakeChain(3);

  @Test
  void a_new_validator_is_in_the_set_of_the_epoch_after_the_next() {
    chain.to(1);
    chain.block(chain.sign(5, stake(5, 5, 2_000)));
    assertEquals(FUNDS - 2_000, chain.balance(5));
    chain.to(3);
    assertEquals(List.of(), chain.set(2), "fixed at the end of epoch 0 only");
    chain.to(4);
    assertEquals(List.of(1, 2, 3), chain.set(1));
    assertEquals(List.of(1, 2, 3, 5), chain.set(2));
    ValidatorEntry entry = chain.state().validator(key(5)).orElseThrow();
    assertEquals(new ValidatorEntry(key(5), account(5), 2_000), entry);
  }

  @Test
  void stake_is_added_by_its_own_account_only() {
    chain.block(chain.sign(1, stake(1, 1, 1)));
    assertEquals(STAKE + 1, chain.state().validator(key(1)).orElseThrow().stake());
    assertTrue(chain.refusal(chain.sign(2, stake(2, 1, MIN))).contains("belongs to"));
    assertEquals(FUNDS - 1, chain.balance(1));
  }

  @Test
  void a_stake_has_its_limits() {
    assertTrue(chain.refusal(chain.sign(5, stake(5, 5, MIN - 1))).contains("at least 1000"));
    assertTrue(chain.refusal(chain.sign(5, stake(5, 5, FUNDS + 1))).contains("balance"));
    Stake stolen = new Stake(key(5), stake(6, 5, MIN).possession(), MIN);
    assertTrue(chain.refusal(chain.sign(5, stolen)).contains("possession"));
    assertEquals("", chain.refusal(chain.sign(5, stake(5, 5, MIN))));
    assertEquals("", chain.refusal(chain.sign(5, stake(5, 5, FUNDS))));
  }

  @Test
  void there_are_256_validators_at_most() {
    for (int i = 4; i <= StakingParams.VALIDATORS_MAX; i++) {
      chain.block(chain.sign(5, stake(5, i, MIN)));
    }
    assertEquals(256, chain.state().validators().size());
    assertTrue(chain.refusal(chain.sign(5, stake(5, 257, MIN))).contains("256 validators"));
    assertEquals("", chain.refusal(chain.sign(5, stake(5, 256, 1))), "those that are may add");
    chain.block(chain.sign(5, new Unstake(key(256), MIN)));
    assertEquals("", chain.refusal(chain.sign(5, stake(5, 257, MIN))));
  }

  @Test
  void who_leaves_is_paid_when_its_time_is_over_and_evidence_has_expired() {
    chain.to(1);
    chain.block(chain.sign(3, new Unstake(key(3), STAKE)));
    assertEquals(List.of(1, 2, 3), chain.set(1));
    chain.to(4);
    assertEquals(List.of(1, 2), chain.set(2));
    assertTrue(chain.state().validator(key(3)).isEmpty());
    // It votes to the end of epoch 1; evidence of that is taken to the end of epoch 3, at 16.
    chain.to(15);
    assertEquals(FUNDS, chain.balance(3));
    chain.to(16);
    assertEquals(FUNDS + STAKE, chain.balance(3));
    assertTrue(chain.state().get(StateKey.unbonding(key(3))).isEmpty());
    assertTrue(chain.state().get(Stakes.UNBONDING_KEYS).isEmpty());
  }

  @Test
  void the_unbonding_time_is_header_time() {
    StakeChain slow = new StakeChain(3, 17_500);
    slow.block(slow.sign(3, new Unstake(key(3), 500)));
    slow.to(16);
    assertEquals(FUNDS, slow.balance(3), "at 16 s it is not over; epoch 4 ends at 20 s");
    slow.to(20);
    assertEquals(FUNDS + 500, slow.balance(3));
    assertEquals(STAKE - 500, slow.state().validator(key(3)).orElseThrow().stake());
  }

  @Test
  void an_unstaking_has_its_limits() {
    assertTrue(chain.refusal(chain.sign(2, new Unstake(key(1), MIN))).contains("no validator"));
    assertTrue(chain.refusal(chain.sign(1, new Unstake(key(1), STAKE + 1))).contains("stake of"));
    Unstake most = new Unstake(key(1), STAKE - MIN + 1);
    assertTrue(chain.refusal(chain.sign(1, most)).contains("keeps at least 1000"));
    assertEquals("", chain.refusal(chain.sign(1, new Unstake(key(1), STAKE - MIN))));
  }

  @Test
  void sixteen_unstakings_wait_at_most() {
    Transaction[] many = new Transaction[StakingParams.UNBONDING_MAX];
    for (int i = 0; i < many.length; i++) {
      many[i] =
          Transaction.sign(
              chain.spec.domainAt(1),
              TestChain.key(1),
              i,
              0,
              chain.state().time() + 60_000,
              new Unstake(key(1), 1));
    }
    chain.block(many);
    assertTrue(chain.refusal(chain.sign(1, new Unstake(key(1), 1))).contains("16 unstakings"));
    chain.to(16);
    assertEquals(FUNDS + 16, chain.balance(1));
    assertEquals("", chain.refusal(chain.sign(1, new Unstake(key(1), 1))));
  }

  @Test
  void the_last_validator_cannot_leave() {
    StakeChain one = new StakeChain(1);
    assertTrue(one.refusal(one.sign(1, new Unstake(key(1), STAKE))).contains("last"));
    one.block(one.sign(2, stake(2, 2, MIN)));
    assertEquals("", one.refusal(one.sign(1, new Unstake(key(1), STAKE))));
  }

  @Test
  void sets_stay_in_the_state_as_long_as_evidence_is_taken_and_in_the_store_for_ever() {
    chain.block(chain.sign(5, stake(5, 5, MIN)));
    chain.to(20);
    assertTrue(Offences.set(chain.state(), 2).isEmpty());
    assertEquals(List.of(1, 2, 3, 5), chain.set(3));
    assertEquals(List.of(1, 2, 3, 5), chain.set(6));
    assertTrue(Offences.set(chain.state(), 7).isEmpty());
    assertEquals(3, ValidatorSets.find(chain.spec, chain.store, 1).orElseThrow().size());
    assertEquals(4, ValidatorSets.find(chain.spec, chain.store, 2).orElseThrow().size());
    assertEquals(Optional.empty(), ValidatorSets.find(chain.spec, chain.store, 7));
  }

  @Test
  void certificates_can_be_verified_to_the_end_of_the_coming_epoch() {
    SimplexRules rules = SimplexRules.of(chain.spec, chain.store);
    for (int height = 0; height <= 9; height++) {
      chain.to(height);
      long last = rules.horizon(height);
      assertEquals((height / 4 + 2) * 4L, last);
      assertTrue(rules.set(rules.epochOf(last)).isPresent());
      assertTrue(rules.set(rules.epochOf(last + 1)).isEmpty());
    }
    assertEquals(16, rules.horizon(11), "whoever asks may be behind the store");
    assertEquals(Long.MAX_VALUE, SimplexRules.of(new TestChain(1).spec()).horizon(5));
  }

  @Test
  void every_node_comes_to_the_same_state_and_opens_again_on_it() {
    Ledger other = new Ledger(chain.spec, new MemoryChainStore());
    for (int i = 0; i < 20; i++) {
      Block block =
          switch (i) {
            case 1 -> chain.block(chain.sign(5, stake(5, 5, MIN)));
            case 6 -> chain.block(chain.sign(3, new Unstake(key(3), STAKE)));
            default -> chain.block();
          };
      assertInstanceOf(Execution.Executed.class, other.execute(block, account(9)));
      other.finalize(block.id(), Bytes.of(1));
    }
    assertEquals(chain.ledger.head(), other.head());
    Ledger again = new Ledger(chain.spec, chain.store);
    assertEquals(chain.ledger.head(), again.head());
  }
}
