package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.core.state.Node.Branch;
import dev.cairn.core.state.Node.Empty;
import dev.cairn.core.state.Node.Leaf;
import dev.cairn.core.state.Node.Page;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Finds the rows that differ between two trees, by walking both where their hashes differ.
final class TreeRows {

  private static final int SLOTS = 1 << PageRow.LEVELS;

  private final PageLoader loader;
  private final List<RowChange> rows;

  TreeRows(PageLoader loader, List<RowChange> rows) {
    this.loader = loader;
    this.rows = rows;
  }

  /// Compares two that differ.
  ///
  /// @param before the top of a page, or nothing, in the stored tree
  /// @param now what stands there afterwards
  /// @param path any path that goes through both
  void compare(Node before, Node now, Hash path, int depth) {
    Bytes place = PageLoader.place(path, depth);
    Node[] oldPages = noPages();
    Node[] newPages = noPages();
    collect(loader.resolve(before, path, depth), 0, 0, oldPages);
    Node content = loader.resolve(now, path, depth);
    collect(content, 0, 0, newPages);
    if (now instanceof Page page) {
      rows.add(new RowChange(place, Optional.of(PageRow.encode(content))));
      page.markStored();
    } else {
      rows.add(new RowChange(place, Optional.empty()));
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      if (!oldPages[slot].hash().equals(newPages[slot].hash())) {
        Hash through = below(path, depth, slot);
        compare(oldPages[slot], newPages[slot], through, depth + PageRow.LEVELS);
      }
    }
  }

  /// Puts the pages that hang below a page's content into the slots they stand at.
  private static void collect(Node node, int level, int slot, Node[] pages) {
    switch (node) {
      case Empty _ -> {}
      case Leaf _ -> {}
      case Branch branch -> {
        collect(branch.left(), level + 1, slot << 1, pages);
        collect(branch.right(), level + 1, slot << 1 | 1, pages);
      }
      case Page _ -> pages[slot] = node;
    }
  }

  /// The path with the nibble at `depth` replaced.
  private static Hash below(Hash path, int depth, int nibble) {
    byte[] bits = path.bytes();
    int at = depth / 8;
    boolean high = depth % 8 == 0;
    bits[at] = (byte) (high ? nibble << 4 | bits[at] & 0x0f : bits[at] & 0xf0 | nibble);
    return Hash.of(bits);
  }

  /// Lets go of every stored page from `depth` on that is in memory.
  static void release(Node node, int depth, int keepDepth) {
    switch (node) {
      case Empty _ -> {}
      case Leaf _ -> {}
      case Branch branch -> {
        release(branch.left(), depth + 1, keepDepth);
        release(branch.right(), depth + 1, keepDepth);
      }
      case Page page -> {
        if (depth >= keepDepth) {
          page.release();
        }
        Node content = page.content();
        if (content != null) {
          release(content, depth, keepDepth);
        }
      }
    }
  }

  private static Node[] noPages() {
    Node[] pages = new Node[SLOTS];
    Arrays.fill(pages, Empty.EMPTY);
    return pages;
  }
}
