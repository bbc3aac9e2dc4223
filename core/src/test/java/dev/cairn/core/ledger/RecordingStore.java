package dev.cairn.core.ledger;

import dev.cairn.multiformats.Cid;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/// Shows each commit to somebody before it is written.
public record RecordingStore(ChainStore store, Consumer<Commit> before) implements ChainStore {

  @Override
  public void commit(Commit commit) {
    before.accept(commit);
    store.commit(commit);
  }

  @Override
  public Optional<FinalHead> head() {
    return store.head();
  }

  @Override
  public Optional<Bytes> value(Bytes stateKey) {
    return store.value(stateKey);
  }

  @Override
  public Optional<Bytes> node(Bytes path) {
    return store.node(path);
  }

  @Override
  public Optional<StoredBlock> block(Cid id) {
    return store.block(id);
  }

  @Override
  public Optional<Cid> blockAt(long height) {
    return store.blockAt(height);
  }

  @Override
  public Optional<TxLocation> transaction(Cid id) {
    return store.transaction(id);
  }

  @Override
  public Optional<Bytes> recordVersion(Bytes stateKey, long version) {
    return store.recordVersion(stateKey, version);
  }

  @Override
  public Optional<Bytes> undo(long height) {
    return store.undo(height);
  }
}
