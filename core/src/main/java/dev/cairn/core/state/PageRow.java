package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.core.state.Node.Branch;
import dev.cairn.core.state.Node.Empty;
import dev.cairn.core.state.Node.Leaf;
import dev.cairn.core.state.Node.Page;
import java.io.ByteArrayOutputStream;
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
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    write(content, out);
    return Bytes.wrap(out.toByteArray());
  }

  private static void write(Node node, ByteArrayOutputStream out) {
    switch (node) {
      case Empty _ -> out.write(EMPTY);
      case Leaf leaf -> {
        out.write(LEAF);
        out.writeBytes(leaf.path().bytes());
        out.writeBytes(leaf.value().bytes());
      }
      case Branch branch -> {
        out.write(BRANCH);
        write(branch.left(), out);
        write(branch.right(), out);
      }
      case Page page -> {
        out.write(PAGE);
        out.writeBytes(page.hash().bytes());
      }
    }
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
    return Hash.at(row.slice(at - Hash.BYTES, Hash.BYTES).toArray(), 0);
  }
}
