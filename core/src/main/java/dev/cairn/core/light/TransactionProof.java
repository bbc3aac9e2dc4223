package dev.cairn.core.light;

import dev.cairn.core.Hash;
import dev.cairn.core.block.TransactionTree;
import dev.cairn.multiformats.Cid;
import java.util.List;

/// Shows, against a header's `txRoot`, that a transaction is in the block (spec/blocks.md,
/// "Transaction root").
///
/// @param index where it stands, from 0; a claim, as the header does not hold the count
/// @param count how many transactions the block is said to have
/// @param path the hashes beside the way up, the leaf's sibling first
public record TransactionProof(int index, int count, List<Hash> path) {

  public TransactionProof {
    path = List.copyOf(path);
  }

  /// The proof for one transaction of a block.
  public static TransactionProof of(List<Cid> transactions, int index) {
    return new TransactionProof(
        index, transactions.size(), TransactionTree.proof(transactions, index));
  }
}
