package dev.cairn.core.peer;

import dev.cairn.core.block.Block;
import dev.cairn.core.transaction.Transaction;
import java.util.List;
import java.util.Optional;

/// The answer to a [Question].
public sealed interface Answer {

  /// @param next the nonce to use next
  /// @param pending how many transactions of the account are pending
  record Nonce(long next, int pending) implements Answer {}

  /// Empty when there is none.
  record OpenBlock(Optional<Block> block) implements Answer {}

  record Transactions(List<Transaction> transactions) implements Answer {
    public Transactions {
      transactions = List.copyOf(transactions);
    }
  }
}
