package dev.cairn.core.staking;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.StateWriter;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.BlockContext;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.TransactionHandler;
import dev.cairn.crypto.Ed25519;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Registers validators and adds to their stake.
public final class StakeHandler implements TransactionHandler {

  /// For the service loader.
  public StakeHandler() {}

  @Override
  public int tag() {
    return Stake.TAG;
  }

  @Override
  public String name() {
    return "stake";
  }

  @Override
  public Payload decode(CborReader reader, int fields) {
    if (fields != 3) {
      throw new MalformedException("a stake with " + fields + " fields, not 3");
    }
    Bytes key = Bytes.wrap(reader.bytesOf(ValidatorEntry.KEY_BYTES));
    Bytes possession = Bytes.wrap(reader.bytesOf(Ed25519.SIGNATURE_BYTES));
    return new Stake(key, possession, reader.uint());
  }

  @Override
  public Verdict apply(Transaction transaction, StateWriter state, BlockContext block) {
    Stake stake = (Stake) transaction.payload();
    StakingParams params = StakingParams.of(state).orElseThrow();
    Stakes stakes = new Stakes(state, params);
    Address account = transaction.sender();
    Account sender = state.account(account);
    if (sender.balance() < stake.amount()) {
      return Verdict.reject(
          "the balance "
              + sender.balance()
              + " left after the fee does not cover a stake of "
              + stake.amount());
    }
    if (stakes.punished(stake.key())) {
      return Verdict.reject("this validator's key was punished and is shut out for good");
    }
    Optional<ValidatorEntry> entry = state.validator(stake.key());
    Optional<String> fault =
        entry.isPresent() ? notOwn(entry.get(), account) : notNew(stake, params, stakes);
    if (fault.isPresent()) {
      return Verdict.reject(fault.get());
    }
    if (stake.amount() > StakingParams.STAKE_MAX - stakes.total()) {
      return Verdict.reject("all stakes together would pass " + StakingParams.STAKE_MAX);
    }
    if (!Possession.verify(stake.key(), account, stake.possession())) {
      return Verdict.reject("the validator's key did not sign its possession for this account");
    }
    state.put(account, new Account(sender.balance() - stake.amount(), sender.nonce()));
    long before = entry.map(ValidatorEntry::stake).orElse(0L);
    stakes.put(new ValidatorEntry(stake.key(), account, before + stake.amount()));
    return Verdict.accept();
  }

  private static Optional<String> notOwn(ValidatorEntry entry, Address account) {
    return entry.account().equals(account)
        ? Optional.empty()
        : Optional.of("the validator belongs to the account " + entry.account());
  }

  private static Optional<String> notNew(Stake stake, StakingParams params, Stakes stakes) {
    if (stake.amount() < params.stakeMin()) {
      return Optional.of(
          "a validator starts with a stake of at least "
              + params.stakeMin()
              + ", not "
              + stake.amount());
    }
    int validators = stakes.validators().size();
    if (validators >= StakingParams.VALIDATORS_MAX) {
      return Optional.of("there are " + validators + " validators, and no more can be");
    }
    if (validators + stakes.unbondingKeys().size() >= StakingParams.KEYS_MAX) {
      return Optional.of("too many validators that left are still to be paid");
    }
    return Optional.empty();
  }
}
