package dev.cairn.core.ledger;

import dev.cairn.core.Hash;
import dev.cairn.core.block.Block;
import dev.cairn.core.state.StateChange;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.StateTree;
import dev.cairn.multiformats.Cid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// The state after a block that is not final: what it changes over its parent's. Owner: the ledger.
final class Overlay implements View {

  private final Block block;
  private final Effects effects;
  private final ChainStore store;
  private final Map<StateKey, Optional<Bytes>> values;

  /// Null once the parent is final: what this one lacks is in the store then.
  private @Nullable Overlay parent;

  /// What executing a block did.
  ///
  /// @param changes ascending by key
  record Effects(List<StateChange> changes, List<RecordVersion> versions, StateTree tree) {}

  Overlay(Block block, Effects effects, @Nullable Overlay parent, ChainStore store) {
    this.block = block;
    this.effects = effects;
    this.parent = parent;
    this.store = store;
    this.values = HashMap.newHashMap(effects.changes().size());
    effects.changes().forEach(change -> values.put(change.key(), change.value()));
  }

  @Override
  public Optional<Bytes> get(StateKey key) {
    for (Overlay overlay = this; overlay != null; overlay = overlay.parent) {
      Optional<Bytes> value = overlay.values.get(key);
      if (value != null) {
        return value;
      }
    }
    return store.value(key.bytes());
  }

  Optional<Overlay> parent() {
    return Optional.ofNullable(parent);
  }

  /// The parent has become final.
  void parentIsFinal() {
    parent = null;
  }

  Block content() {
    return block;
  }

  StateTree tree() {
    return effects.tree();
  }

  /// What the store has to write to make the block final over the tree that it holds.
  Commit commit(Bytes certificate, StateTree finalTree) {
    return new Commit(
        block.id(),
        block.height(),
        stateRoot(),
        new StoredBlock(block.headerBytes(), block.bodyBytes(), certificate),
        effects.changes(),
        effects.tree().rowsSince(finalTree),
        block.body().transactionIds(),
        effects.versions());
  }

  @Override
  public Cid block() {
    return block.id();
  }

  @Override
  public long height() {
    return block.height();
  }

  @Override
  public long time() {
    return block.header().time();
  }

  @Override
  public Hash stateRoot() {
    return effects.tree().root();
  }

  @Override
  public StateProof prove(StateKey key) {
    return effects.tree().prove(key);
  }
}
