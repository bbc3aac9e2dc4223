package dev.cairn.core.ledger;

import dev.cairn.core.Hash;
import dev.cairn.core.state.RowChange;
import dev.cairn.core.state.StateChange;
import dev.cairn.multiformats.Cid;
import java.util.List;

/// All that making a block final changes in the store, to be written as one.
///
/// @param id the block's CID
/// @param changes values of the state, ascending by key; their previous values are what undoes the
///   block
/// @param rows of the state tree, ascending by path
/// @param transactions ids of the block's transactions, in their order
/// @param versions of records that the block wrote, in the order of writing
public record Commit(
    Cid id,
    long height,
    Hash stateRoot,
    StoredBlock block,
    List<StateChange> changes,
    List<RowChange> rows,
    List<Cid> transactions,
    List<RecordVersion> versions) {

  public FinalHead head() {
    return new FinalHead(id, height, stateRoot);
  }

  /// What undoes the block, for the store to keep: see [Undo].
  public Undo undo() {
    return Undo.of(changes);
  }
}
