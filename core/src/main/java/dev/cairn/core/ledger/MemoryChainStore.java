package dev.cairn.core.ledger;

import dev.cairn.core.state.RowChange;
import dev.cairn.core.state.StateChange;
import dev.cairn.core.state.StateKey;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// A chain store in memory, for simulations and for chains that need not last. One thread at a
/// time.
public final class MemoryChainStore implements ChainStore {

  private record Version(StateKey key, long number) {}

  private final Map<StateKey, Bytes> values = new HashMap<>();
  private final Map<StateKey, Bytes> rows = new HashMap<>();
  private final Map<Cid, StoredBlock> blocks = new HashMap<>();
  private final List<Cid> heights = new ArrayList<>();
  private final List<Bytes> undos = new ArrayList<>();
  private final Map<Cid, TxLocation> transactions = new HashMap<>();
  private final Map<Version, Bytes> versions = new HashMap<>();
  private @Nullable FinalHead head;

  /// An empty store.
  public MemoryChainStore() {}

  @Override
  public Optional<FinalHead> head() {
    return Optional.ofNullable(head);
  }

  @Override
  public Optional<Bytes> value(Bytes stateKey) {
    return Optional.ofNullable(values.get(StateKey.of(stateKey)));
  }

  @Override
  public Optional<Bytes> node(Bytes path) {
    return Optional.ofNullable(rows.get(StateKey.of(path)));
  }

  @Override
  public Optional<StoredBlock> block(Cid id) {
    return Optional.ofNullable(blocks.get(id));
  }

  @Override
  public Optional<Cid> blockAt(long height) {
    boolean known = height >= 0 && height < heights.size();
    return known ? Optional.of(heights.get((int) height)) : Optional.empty();
  }

  @Override
  public Optional<TxLocation> transaction(Cid id) {
    return Optional.ofNullable(transactions.get(id));
  }

  @Override
  public Optional<Bytes> recordVersion(Bytes stateKey, long version) {
    return Optional.ofNullable(versions.get(new Version(StateKey.of(stateKey), version)));
  }

  @Override
  public Optional<Bytes> undo(long height) {
    boolean known = height >= 0 && height < undos.size();
    return known ? Optional.of(undos.get((int) height)) : Optional.empty();
  }

  @Override
  public void commit(Commit commit) {
    if (commit.height() != heights.size()) {
      throw new IllegalStateException(
          "a commit of height " + commit.height() + " after " + (heights.size() - 1));
    }
    for (StateChange change : commit.changes()) {
      put(values, change.key(), change.value());
    }
    for (RowChange row : commit.rows()) {
      put(rows, StateKey.of(row.path()), row.row());
    }
    blocks.put(commit.id(), commit.block());
    heights.add(commit.id());
    undos.add(commit.undo().encode());
    for (int i = 0; i < commit.transactions().size(); i++) {
      transactions.put(
          commit.transactions().get(i), new TxLocation(commit.id(), commit.height(), i));
    }
    for (RecordVersion version : commit.versions()) {
      versions.put(new Version(version.key(), version.version()), version.entry());
    }
    head = commit.head();
  }

  private static void put(Map<StateKey, Bytes> map, StateKey key, Optional<Bytes> value) {
    value.ifPresentOrElse(v -> map.put(key, v), () -> map.remove(key));
  }
}
