package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.core.state.Node.Page;
import org.apache.tuweni.bytes.Bytes;

/// Reads pages from the store and counts what is held. Shared by all trees over one store; owned by
/// the ledger's thread.
final class PageLoader {

  private final NodeSource source;
  private final TreeHasher hasher = new TreeHasher();
  private long pages;

  PageLoader(NodeSource source) {
    this.source = source;
  }

  TreeHasher hasher() {
    return hasher;
  }

  /// Pages loaded or made since [#reset]: an upper bound of what the trees hold.
  long pages() {
    return pages;
  }

  void reset() {
    pages = 0;
  }

  /// Wraps a node that stands at the top of a page.
  Node page(Node content) {
    pages++;
    return Page.fresh(content);
  }

  /// The node itself, read from the store when it is a page that is not in memory.
  ///
  /// @param path any path that goes through the node
  Node resolve(Node node, Hash path, int depth) {
    if (!(node instanceof Page page)) {
      return node;
    }
    Node content = page.content();
    if (content == null) {
      Bytes place = place(path, depth);
      Bytes row =
          source
              .node(place)
              .orElseThrow(() -> new StateException("the state tree lacks its row at " + place));
      content = PageRow.decode(row, page.hash(), hasher);
      page.loaded(content);
      pages++;
    }
    return content;
  }

  /// The key of a row: one byte a nibble.
  static Bytes place(Hash path, int depth) {
    byte[] bits = path.bytes();
    byte[] nibbles = new byte[depth / PageRow.LEVELS];
    for (int i = 0; i < nibbles.length; i++) {
      nibbles[i] = (byte) ((i & 1) == 0 ? (bits[i / 2] & 0xff) >>> 4 : bits[i / 2] & 0x0f);
    }
    return Bytes.wrap(nibbles);
  }
}
