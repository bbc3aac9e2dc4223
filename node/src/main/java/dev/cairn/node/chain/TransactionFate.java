package dev.cairn.node.chain;

import dev.cairn.multiformats.Cid;

/// What became of a transaction.
public sealed interface TransactionFate {

  /// It is in a final block.
  record Final(Cid block, long height) implements TransactionFate {}

  /// It is in a block of the node's chain that is not final: another branch may win.
  record Included(Cid block, long height) implements TransactionFate {}

  /// It left the mempool without being in a block: expired, replaced or pushed out.
  record Dropped(String reason) implements TransactionFate {}
}
