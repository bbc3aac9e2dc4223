package dev.cairn.simulator;

import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.ledger.TxLocation;
import dev.cairn.multiformats.Cid;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/// A chain store that outlives its node: a commit is there, whole, or not at all. Each commit is
/// shown to whoever watches, and the power can be cut around one.
///
/// Owner: its [SimNode].
final class SimStore implements ChainStore {

  /// The node is dead from here on; nothing of the step that was under way comes out.
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PowerCut() {
      super("power cut", null, false, false);
    }
  }

  enum Cut {
    NONE,
    BEFORE,
    AFTER
  }

  private final MemoryChainStore memory = new MemoryChainStore();
  private final Consumer<Commit> watcher;
  private Cut next = Cut.NONE;

  SimStore(Consumer<Commit> watcher) {
    this.watcher = watcher;
  }

  /// Cuts the power at the next commit.
  void cutNext(Cut when) {
    next = when;
  }

  @Override
  public void commit(Commit commit) {
    Cut cut = commit.height() == 0 ? Cut.NONE : next;
    next = cut == Cut.NONE ? next : Cut.NONE;
    if (cut == Cut.BEFORE) {
      throw new PowerCut();
    }
    memory.commit(commit);
    watcher.accept(commit);
    if (cut == Cut.AFTER) {
      throw new PowerCut();
    }
  }

  @Override
  public Optional<FinalHead> head() {
    return memory.head();
  }

  @Override
  public Optional<Bytes> value(Bytes stateKey) {
    return memory.value(stateKey);
  }

  @Override
  public Optional<Bytes> node(Bytes path) {
    return memory.node(path);
  }

  @Override
  public Optional<StoredBlock> block(Cid id) {
    return memory.block(id);
  }

  @Override
  public Optional<Cid> blockAt(long height) {
    return memory.blockAt(height);
  }

  @Override
  public Optional<TxLocation> transaction(Cid id) {
    return memory.transaction(id);
  }

  @Override
  public Optional<Bytes> recordVersion(Bytes stateKey, long version) {
    return memory.recordVersion(stateKey, version);
  }

  @Override
  public Optional<Bytes> undo(long height) {
    return memory.undo(height);
  }
}
