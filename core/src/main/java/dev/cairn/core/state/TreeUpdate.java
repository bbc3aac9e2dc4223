package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.core.state.Node.Branch;
import dev.cairn.core.state.Node.Empty;
import dev.cairn.core.state.Node.Leaf;
import dev.cairn.core.state.Node.Page;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Changes many keys of a tree in one pass from the top, so that each node on the way is hashed
/// once.
final class TreeUpdate {

  /// A key's new value.
  ///
  /// @param leaf null to remove the key
  record Change(Hash path, @Nullable Leaf leaf) {}

  private final PageLoader loader;
  private final TreeHasher hasher;

  TreeUpdate(PageLoader loader) {
    this.loader = loader;
    this.hasher = loader.hasher();
  }

  /// @param changes ascending by path, each path once
  Node apply(Node root, Change[] changes) {
    return update(root, changes, 0, changes.length, 0);
  }

  private Node update(Node reference, Change[] changes, int from, int to, int depth) {
    if (from == to) {
      return reference;
    }
    Node node = loader.resolve(reference, changes[from].path(), depth);
    Node updated =
        switch (node) {
          case Empty _ -> grow(changes, from, to, depth);
          case Leaf leaf -> {
            Change[] merged = merge(leaf, changes, from, to);
            yield grow(merged, 0, merged.length, depth);
          }
          case Branch branch -> {
            int middle = split(changes, from, to, depth);
            Node left = update(branch.left(), changes, from, middle, depth + 1);
            Node right = update(branch.right(), changes, middle, to, depth + 1);
            boolean same =
                left.hash().equals(branch.left().hash())
                    && right.hash().equals(branch.right().hash());
            yield same ? branch : join(left, right);
          }
          case Page _ -> throw new IllegalStateException("a page in a page's place");
        };
    return updated.hash().equals(reference.hash()) ? reference : atTop(updated, depth);
  }

  /// A subtree of the changes alone, where nothing was before. Not wrapped as a page.
  private Node grow(Change[] changes, int from, int to, int depth) {
    Leaf only = null;
    int live = 0;
    for (int i = from; i < to && live < 2; i++) {
      Leaf leaf = changes[i].leaf();
      if (leaf != null) {
        only = leaf;
        live++;
      }
    }
    if (live < 2) {
      return only == null ? Empty.EMPTY : only;
    }
    int middle = split(changes, from, to, depth);
    Node left = atTop(grow(changes, from, middle, depth + 1), depth + 1);
    Node right = atTop(grow(changes, middle, to, depth + 1), depth + 1);
    return join(left, right);
  }

  /// A branch over two subtrees; one leaf beside nothing moves up.
  private Node join(Node left, Node right) {
    if (left == Empty.EMPTY && (right == Empty.EMPTY || right instanceof Leaf)) {
      return right;
    }
    if (right == Empty.EMPTY && left instanceof Leaf) {
      return left;
    }
    return hasher.branch(left, right);
  }

  /// Makes the node a page when one starts at this depth. Only branches do, but for the root.
  private Node atTop(Node node, int depth) {
    boolean boundary = depth % PageRow.LEVELS == 0;
    boolean top = node instanceof Branch || (depth == 0 && node instanceof Leaf);
    return boundary && top ? loader.page(node) : node;
  }

  /// The changes with the leaf that was there, unless one of them is about it.
  private static Change[] merge(Leaf leaf, Change[] changes, int from, int to) {
    int place = from;
    while (place < to && changes[place].path().compareTo(leaf.path()) < 0) {
      place++;
    }
    if (place < to && changes[place].path().equals(leaf.path())) {
      return Arrays.copyOfRange(changes, from, to);
    }
    Change[] merged = new Change[to - from + 1];
    System.arraycopy(changes, from, merged, 0, place - from);
    merged[place - from] = new Change(leaf.path(), leaf);
    System.arraycopy(changes, place, merged, place - from + 1, to - place);
    return merged;
  }

  /// The first change whose bit at `depth` is one.
  private static int split(Change[] changes, int from, int to, int depth) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (changes[middle].path().bit(depth)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
