package dev.cairn.core.ledger;

import dev.cairn.multiformats.Cid;

/// What came of executing a block.
public sealed interface Execution {

  /// It is valid; the ledger keeps the state after it, or has it in its final chain.
  record Executed(Cid block) implements Execution {}

  /// Its parent is not known here.
  record Orphan(Cid parent) implements Execution {}

  /// Nobody is to blame, but it is of no use: too old, or too much is waiting to become final.
  record Ignored(String reason) implements Execution {}

  /// It breaks the chain's rules.
  record Rejected(String reason) implements Execution {}
}
