package dev.cairn.core.ledger;

import dev.cairn.core.block.Block;
import dev.cairn.core.transaction.Transaction;
import java.util.List;

/// A block that was made here, executed already.
///
/// @param refused candidates that the state refuses, with the reasons; those that merely did not
///   fit are not among them
public record Assembled(Block block, List<Refused> refused) {

  public record Refused(Transaction transaction, String reason) {}
}
