package dev.cairn.core.peer;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.ConsensusView;
import dev.cairn.core.light.FinalityProof;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.transaction.Transaction;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The answer to a [Question].
public sealed interface Answer {

  /// @param next the nonce to use next
  /// @param pending how many transactions of the account are pending
  record Nonce(long next, int pending) implements Answer {}

  /// Empty when there is none.
  record OpenBlock(Optional<Block> block) implements Answer {}

  /// The block with the transaction; empty when the chain that is not final has it not.
  record Included(Optional<Block> block) implements Answer {}

  /// Empty when the chain's engine has no validators.
  record Consensus(Optional<ConsensusView> view) implements Answer {}

  record Transactions(List<Transaction> transactions) implements Answer {
    public Transactions {
      transactions = List.copyOf(transactions);
    }
  }

  /// What stands under a key in the state after the newest final block.
  ///
  /// @param finality of that block; empty when it has no certificate yet, while blocks are fetched
  /// @param value empty when nothing stands there
  /// @param proof against that block's state root
  record Proof(Optional<FinalityProof> finality, Optional<Bytes> value, StateProof proof)
      implements Answer {}
}
