package dev.cairn.core.ledger;

import dev.cairn.core.state.NodeSource;
import dev.cairn.multiformats.Cid;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Where the final chain and its state are kept. Written by the ledger's thread alone; blocks,
/// transactions and record versions may be read by any thread.
public interface ChainStore extends NodeSource {

  /// The last final block; empty in a new store.
  Optional<FinalHead> head();

  /// The value under a key of the final state.
  Optional<Bytes> value(Bytes stateKey);

  /// A row of the final state's tree, by nibble path.
  @Override
  Optional<Bytes> node(Bytes path);

  /// A final block.
  Optional<StoredBlock> block(Cid id);

  /// The final block at a height.
  Optional<Cid> blockAt(long height);

  /// Where a final transaction is.
  Optional<TxLocation> transaction(Cid id);

  /// A version of a record, as the encoded [dev.cairn.core.state.RecordEntry]; or, as version 1, a
  /// set of validators that a block fixed.
  Optional<Bytes> recordVersion(Bytes stateKey, long version);

  /// What undoes the final block at a height, as an encoded [Undo]; a store may forget old ones.
  Optional<Bytes> undo(long height);

  /// Writes a commit, all of it or nothing. It is durable when this returns.
  void commit(Commit commit);
}
