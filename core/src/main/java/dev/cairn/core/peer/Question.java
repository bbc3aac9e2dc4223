package dev.cairn.core.peer;

import dev.cairn.core.Address;
import dev.cairn.core.state.StateKey;
import dev.cairn.multiformats.Cid;

/// What only the machine can answer: it depends on the pending transactions, or on the state's
/// tree.
public sealed interface Question {

  /// The nonce that the account's next transaction needs, after those that are pending.
  record NextNonce(Address account) implements Question {}

  /// The pending transaction with this id.
  record PendingTransaction(Cid id) implements Question {}

  /// The block with this id that is not final yet, for another peer that asks for it.
  record OpenBlock(Cid id) implements Question {}

  /// The block of the present head's chain that has this transaction, if it is not final.
  record Included(Cid transaction) implements Question {}

  /// The block of the present head's chain at this height, if it is not final.
  record OpenHeight(long height) implements Question {}

  /// Whose votes are here and whose are missing.
  record Consensus() implements Question {}

  /// At most `max` pending transactions, those that would be included first at the front.
  record PendingTransactions(int max) implements Question {}

  /// What the state after the newest final block holds under a key, with the proof.
  record Proof(StateKey key) implements Question {}
}
