package dev.cairn.core.peer;

import dev.cairn.multiformats.Cid;

/// What became of a submitted transaction.
public sealed interface SubmitResult {

  /// It is pending (now, or since before) and is being gossiped.
  record Accepted(Cid transaction) implements SubmitResult {}

  /// It is not, and the sender is told why in one sentence.
  record Refused(Code code, String reason) implements SubmitResult {}

  /// Why a transaction is refused. The names are part of the RPC's interface.
  enum Code {
    /// Not a transaction, or too large.
    MALFORMED,
    BAD_SIGNATURE,
    /// Signed, but its payload is not one of this chain's.
    UNKNOWN_PAYLOAD,
    WRONG_NONCE,
    /// This very transaction is in a final block.
    ALREADY_FINAL,
    INSUFFICIENT_BALANCE,
    FEE_BELOW_FLOOR,
    EXPIRED,
    /// Valid for longer than the chain allows.
    VALID_TOO_LONG,
    /// The same nonce is pending and the fee is not enough above it.
    REPLACEMENT_UNDERPRICED,
    /// Refused by the ledger's rules on the present state: a record's version, an owner, an amount.
    NOT_APPLICABLE,
    /// The pool is full of transactions that pay more.
    POOL_FULL
  }
}
