package dev.cairn.core.state;

import dev.cairn.core.Hash;
import org.jspecify.annotations.Nullable;

/// A node of the state tree. All but [Page] are immutable.
sealed interface Node {

  /// What the node above hashes.
  Hash hash();

  /// A subtree with no key: its hash is 32 zero bytes.
  enum Empty implements Node {
    EMPTY;

    @Override
    public Hash hash() {
      return Hash.ZERO;
    }
  }

  /// A subtree with one key, at whatever depth.
  ///
  /// @param path the SHA-256 of the key
  /// @param value the SHA-256 of the value
  record Leaf(Hash path, Hash value, Hash hash) implements Node {}

  /// A subtree with two keys or more.
  record Branch(Node left, Node right, Hash hash) implements Node {}

  /// A reference to the top of a page: four levels that are one row of the store. Its content is
  /// loaded when somebody needs it and can be let go of once it is stored; what it stands for never
  /// changes. All trees that share a page share the reference, so letting go frees it for all.
  ///
  /// Owner: the ledger's thread.
  final class Page implements Node {

    private final Hash hash;
    private @Nullable Node content;
    private boolean stored;

    private Page(Hash hash, @Nullable Node content, boolean stored) {
      this.hash = hash;
      this.content = content;
      this.stored = stored;
    }

    /// A page that is not in the store yet.
    static Page fresh(Node content) {
      return new Page(content.hash(), content, false);
    }

    /// A page of the final state that has not been read yet.
    static Page stored(Hash hash) {
      return new Page(hash, null, true);
    }

    @Nullable Node content() {
      return content;
    }

    void loaded(Node node) {
      content = node;
    }

    void markStored() {
      stored = true;
    }

    /// Forgets the content, when the store has it.
    void release() {
      if (stored) {
        content = null;
      }
    }

    @Override
    public Hash hash() {
      return hash;
    }
  }
}
