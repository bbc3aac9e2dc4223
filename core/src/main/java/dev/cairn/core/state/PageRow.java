package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.core.state.Node.Branch;
import dev.cairn.core.state.Node.Empty;
import dev.cairn.core.state.Node.Leaf;
import dev.cairn.core.state.Node.Page;
import org.apache.tuweni.bytes.Bytes;

/// A page as a row of the store: its nodes in pre-order, each a byte for its kind and then `path ||
/// value` for a leaf, the hash for a page below. Hashes of branches and leaves are not in it: they
/// are worked out and checked when it is read.
final class PageRow {

  /// Levels of branches in one page.
  static final int LEVELS = 4;

  private static final int EMPTY = 0;
  private static final int LEAF = 1;
  private static final int BRANCH = 2;
  private static final int PAGE = 3;

  private final Bytes row;
  private final TreeHasher hasher;
  private int at;

  private PageRow(Bytes row, TreeHasher hasher) {
    this.row = row;
    this.hasher = hasher;
  }

  static Bytes encode(Node content) {
    byte[] row = new byte[size(content)];
    write(content, row, 0);
    return Bytes.wrap(row);
  }

  private static int size(Node node) {
    return switch (node) {
      case Empty _ -> 1;
      case Leaf _ -> 1 + 2 * Hash.BYTES;
      case Branch branch -> 1 + size(branch.left()) + size(branch.right());
      case Page _ -> 1 + Hash.BYTES;
    };
  }

  /// Returns where the next node goes.
  private static int write(Node node, byte[] row, int at) {
    return switch (node) {
      case Empty _ -> {
        row[at] = EMPTY;
        yield at + 1;
      }
      case Leaf leaf -> {
        row[at] = LEAF;
        leaf.path().write(row, at + 1);
        leaf.value().write(row, at + 1 + Hash.BYTES);
        yield at + 1 + 2 * Hash.BYTES;
      }
      case Branch branch -> {
        row[at] = BRANCH;
        yield write(branch.right(), row, write(branch.left(), row, at + 1));
      }
      case Page page -> {
        row[at] = PAGE;
        page.hash().write(row, at + 1);
        yield at + 1 + Hash.BYTES;
      }
    };
  }

  /// Reads the row of a page and checks that it is the one with this hash.
  ///
  /// @throws StateException when it is not
  static Node decode(Bytes row, Hash expected, TreeHasher hasher) {
    PageRow reader = new PageRow(row, hasher);
    Node node = reader.read(LEVELS);
    if (reader.at != row.size() || !node.hash().equals(expected)) {
      throw new StateException("a row of the state tree is not the one with hash " + expected);
    }
    return node;
  }

  private Node read(int levels) {
    int kind = at < row.size() ? row.get(at++) : -1;
    return switch (kind) {
      case EMPTY -> Empty.EMPTY;
      case LEAF -> {
        Hash path = hash();
        yield hasher.leaf(path, hash());
      }
      case BRANCH -> {
        if (levels == 0) {
          throw new StateException("a row of the state tree is too deep");
        }
        Node left = read(levels - 1);
        yield hasher.branch(left, read(levels - 1));
      }
      case PAGE -> Page.stored(hash());
      default -> throw new StateException("a row of the state tree is cut off or has kind " + kind);
    };
  }

  private Hash hash() {
    if (row.size() - at < Hash.BYTES) {
      throw new StateException("a row of the state tree is cut off");
    }
    at += Hash.BYTES;
    return Hash.at(row.slice(at - Hash.BYTES, Hash.BYTES).toArrayUnsafe(), 0);
  }
}
