package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.core.state.Node.Branch;
import dev.cairn.core.state.Node.Empty;
import dev.cairn.core.state.Node.Leaf;
import dev.cairn.core.state.Node.Page;
import dev.cairn.core.state.StateProof.ProvenLeaf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The state as a binary sparse Merkle tree over SHA-256(key), a subtree with one leaf collapsed to
/// that leaf. It knows hashes only; the values are elsewhere.
///
/// A tree never changes: [#with] gives another one that shares all that is the same, so the state
/// after a block that is not final is just another root. What stands in the store is read page by
/// page when it is needed, and only trees that grew out of the final state can be read; all trees
/// over one store belong to the ledger's thread.
public final class StateTree {

  private final Node root;
  private final PageLoader loader;

  private StateTree(Node root, PageLoader loader) {
    this.root = root;
    this.loader = loader;
  }

  /// The tree with this root, whose rows are in the source; [Hash#ZERO] is the tree with no keys.
  public static StateTree open(Hash root, NodeSource source) {
    Node top = root.equals(Hash.ZERO) ? Empty.EMPTY : Page.stored(root);
    return new StateTree(top, new PageLoader(source));
  }

  /// A tree with these keys and values, in memory only.
  public static StateTree of(Map<StateKey, Bytes> values) {
    Map<StateKey, Optional<Bytes>> changes = new HashMap<>();
    values.forEach((key, value) -> changes.put(key, Optional.of(value)));
    return open(Hash.ZERO, NodeSource.NONE).with(changes);
  }

  /// The root hash; [Hash#ZERO] with no keys.
  public Hash root() {
    return root.hash();
  }

  /// The tree with these changes; an empty value removes its key.
  ///
  /// @throws StateException when a stored row is missing or wrong
  public StateTree with(Map<StateKey, Optional<Bytes>> changes) {
    List<StateChange> list = new ArrayList<>();
    changes.forEach((key, value) -> list.add(new StateChange(key, value, Optional.empty())));
    return with(list);
  }

  /// The tree with the new values of these changes, each of another key; an empty one removes its
  /// key.
  ///
  /// @throws StateException when a stored row is missing or wrong
  public StateTree with(Collection<StateChange> changes) {
    TreeHasher hasher = loader.hasher();
    TreeUpdate.Change[] sorted = new TreeUpdate.Change[changes.size()];
    int count = 0;
    for (StateChange change : changes) {
      Hash path = change.key().path();
      Leaf leaf = null;
      if (change.value().isPresent()) {
        Hash value = hasher.sha256(change.value().get().toArrayUnsafe());
        leaf = hasher.leaf(path, value);
      }
      sorted[count++] = new TreeUpdate.Change(path, leaf);
    }
    Arrays.sort(sorted, (a, b) -> a.path().compareTo(b.path()));
    return new StateTree(new TreeUpdate(loader).apply(root, sorted), loader);
  }

  /// The rows to write so that the store, which holds the tree `before`, holds this one: ascending
  /// by path. Call it only to write them: the pages count as stored from then on.
  public List<RowChange> rowsSince(StateTree before) {
    List<RowChange> rows = new ArrayList<>();
    if (!before.root().equals(root())) {
      new TreeRows(loader, rows).compare(before.root, root, Hash.ZERO, 0);
    }
    return rows;
  }

  /// Proves what the tree holds under a key, or that it holds nothing.
  public StateProof prove(StateKey key) {
    Hash path = key.path();
    List<Hash> beside = new ArrayList<>();
    Node node = loader.resolve(root, path, 0);
    while (node instanceof Branch branch) {
      boolean right = path.bit(beside.size());
      beside.add((right ? branch.left() : branch.right()).hash());
      node = loader.resolve(right ? branch.right() : branch.left(), path, beside.size());
    }
    Optional<ProvenLeaf> leaf =
        node instanceof Leaf found
            ? Optional.of(new ProvenLeaf(found.path(), found.value()))
            : Optional.empty();
    return new StateProof(beside, leaf);
  }

  /// Pages that this tree and those that share with it hold in memory, at most.
  public long pagesInMemory() {
    return loader.pages();
  }

  /// Lets go of all stored pages but the top ones; they are read again when needed.
  ///
  /// @param keepDepth levels from the root that stay
  public void release(int keepDepth) {
    TreeRows.release(root, 0, keepDepth);
    loader.reset();
  }
}
