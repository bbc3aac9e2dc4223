package dev.cairn.core.ledger;

import dev.cairn.core.Verdict;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.StateView;
import dev.cairn.core.state.StateWriter;
import dev.cairn.core.transaction.BlockContext;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.TransactionHandler;
import dev.cairn.core.transaction.TransactionHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A chain's rules for transactions, but for their signatures.
public final class TransactionRules {

  /// How far ahead of a block's time `validUntil` may be, in milliseconds.
  public static final long VALID_AHEAD_MILLIS_MAX = 24 * 60 * 60 * 1000L;

  private final long feePerByte;
  private final Map<Integer, TransactionHandler> handlers = new TreeMap<>();

  public TransactionRules(ChainSpec spec) {
    this.feePerByte = spec.feePerByte();
    for (int tag : spec.payloads()) {
      handlers.put(tag, TransactionHandlers.find(tag).orElseThrow());
    }
  }

  /// Checks what depends on nothing but the chain: the kind and the least fee.
  public Verdict check(Transaction transaction) {
    int tag = transaction.payload().tag();
    TransactionHandler handler = handlers.get(tag);
    if (handler == null) {
      return Verdict.reject("this chain has no transactions with payload tag " + tag);
    }
    long least = handler.free() ? 0 : feePerByte * transaction.size();
    if (transaction.fee() < least) {
      return Verdict.reject("the fee " + transaction.fee() + " is under the least fee " + least);
    }
    return Verdict.accept();
  }

  /// Why whoever passes the transaction on is at fault; empty when nobody is.
  Optional<String> forged(Transaction transaction, StateView state, BlockContext block) {
    TransactionHandler handler = handlers.get(transaction.payload().tag());
    return handler == null ? Optional.empty() : handler.forged(transaction, state, block);
  }

  /// Applies a transaction in a block. What a refused one wrote is for the caller to take back.
  Verdict apply(Transaction transaction, StateWriter state, BlockContext block) {
    long time = block.timeMillis();
    Verdict verdict = check(transaction);
    if (!verdict.accepted()) {
      return verdict;
    }
    if (transaction.validUntil() < time) {
      return Verdict.reject("it was valid until " + transaction.validUntil() + ", now " + time);
    }
    if (transaction.validUntil() - time > VALID_AHEAD_MILLIS_MAX) {
      return Verdict.reject("it is valid for more than 24 hours from now");
    }
    Account sender = state.account(transaction.sender());
    if (transaction.nonce() != sender.nonce()) {
      return Verdict.reject("its nonce is " + transaction.nonce() + ", not " + sender.nonce());
    }
    if (sender.balance() < transaction.fee()) {
      return Verdict.reject(
          "the balance " + sender.balance() + " does not cover the fee " + transaction.fee());
    }
    state.put(
        transaction.sender(),
        new Account(sender.balance() - transaction.fee(), sender.nonce() + 1));
    TransactionHandler handler = handlers.get(transaction.payload().tag());
    if (handler == null) {
      throw new IllegalStateException("a checked tag has no handler");
    }
    return handler.apply(transaction, state, block);
  }
}
