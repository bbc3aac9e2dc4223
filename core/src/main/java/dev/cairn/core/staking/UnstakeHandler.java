package dev.cairn.core.staking;

import dev.cairn.core.Verdict;
import dev.cairn.core.state.StateWriter;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.BlockContext;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.TransactionHandler;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Lets validators go, or have less stake.
public final class UnstakeHandler implements TransactionHandler {

  /// For the service loader.
  public UnstakeHandler() {}

  @Override
  public int tag() {
    return Unstake.TAG;
  }

  @Override
  public String name() {
    return "unstake";
  }

  @Override
  public Payload decode(CborReader reader, int fields) {
    if (fields != 2) {
      throw new MalformedException("an unstake with " + fields + " fields, not 2");
    }
    return new Unstake(Bytes.wrap(reader.bytesOf(ValidatorEntry.KEY_BYTES)), reader.uint());
  }

  @Override
  public Verdict apply(Transaction transaction, StateWriter state, BlockContext block) {
    Unstake unstake = (Unstake) transaction.payload();
    StakingParams params = StakingParams.of(state).orElseThrow();
    Stakes stakes = new Stakes(state, params);
    Optional<ValidatorEntry> entry = state.validator(unstake.key());
    if (entry.isEmpty() || !entry.get().account().equals(transaction.sender())) {
      return Verdict.reject("the sender has no validator with this key");
    }
    long left = entry.get().stake() - unstake.amount();
    if (left < 0) {
      return Verdict.reject("the validator has a stake of " + entry.get().stake());
    }
    if (left > 0 && left < params.stakeMin()) {
      return Verdict.reject(
          "a validator leaves with all its stake or keeps at least " + params.stakeMin());
    }
    if (left == 0 && stakes.validators().size() == 1) {
      return Verdict.reject("the last validator cannot leave");
    }
    if (Stakes.unbonding(state, unstake.key()).size() >= StakingParams.UNBONDING_MAX) {
      return Verdict.reject(
          StakingParams.UNBONDING_MAX + " unstakings of this validator are still to be paid");
    }
    stakes.unbond(entry.get(), unstake.amount(), block);
    return Verdict.accept();
  }
}
