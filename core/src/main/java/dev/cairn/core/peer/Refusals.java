package dev.cairn.core.peer;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.TransactionRules;
import dev.cairn.core.mempool.MempoolParams;
import dev.cairn.core.peer.SubmitResult.Code;
import dev.cairn.core.peer.SubmitResult.Refused;
import dev.cairn.core.state.Account;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.machine.Now;

/// Tells a user why the pool did not take a transaction, with a code that a program can act on.
final class Refusals {

  private Refusals() {}

  /// @param account the sender's, after the last final block
  /// @param reason what the pool said
  static Refused explain(
      Transaction transaction,
      Account account,
      ChainSpec spec,
      MempoolParams limits,
      String reason,
      Now now) {
    if (!spec.payloads().contains(transaction.payload().tag())) {
      return new Refused(Code.UNKNOWN_PAYLOAD, reason);
    }
    long floor = spec.feePerByte() * transaction.size();
    if (transaction.fee() < floor) {
      return new Refused(
          Code.FEE_BELOW_FLOOR,
          "the fee is " + transaction.fee() + "; the least for its size is " + floor);
    }
    long ahead = transaction.validUntil() - now.wallMillis();
    if (ahead < 0) {
      return new Refused(
          Code.EXPIRED,
          "it was valid until " + transaction.validUntil() + ", " + -ahead + " ms ago");
    }
    if (ahead > TransactionRules.VALID_AHEAD_MILLIS_MAX) {
      return new Refused(Code.VALID_TOO_LONG, "it is valid for more than 24 hours from now");
    }
    long nonces = transaction.nonce() - account.nonce();
    if (nonces < 0 || nonces >= limits.noncesAheadMax()) {
      String range = nonces < 0 ? "" : " to " + (account.nonce() + limits.noncesAheadMax() - 1);
      return new Refused(
          Code.WRONG_NONCE,
          "wrong nonce: expected " + account.nonce() + range + ", got " + transaction.nonce());
    }
    long spends = transaction.payload().spends();
    if (account.balance() - transaction.fee() < spends) {
      return new Refused(
          Code.INSUFFICIENT_BALANCE,
          "insufficient balance: "
              + account.balance()
              + " to pay "
              + spends
              + " and the fee of "
              + transaction.fee());
    }
    return new Refused(codeOf(reason), reason);
  }

  /// What is left depends on the other pending transactions, which only the pool knows, or on what
  /// the payload meets in the state.
  private static Code codeOf(String reason) {
    if (reason.contains("replacement")) {
      return Code.REPLACEMENT_UNDERPRICED;
    }
    if (reason.contains("balance")) {
      return Code.INSUFFICIENT_BALANCE;
    }
    return reason.contains("full") || reason.contains("waiting")
        ? Code.POOL_FULL
        : Code.NOT_APPLICABLE;
  }
}
