package dev.cairn.files.block;

import java.util.List;

/// Where new blocks go. Every method may be called from any thread.
@FunctionalInterface
public interface BlockSink {

  /// Takes blocks. Their arrays are the caller's again when this returns, who may then use them for
  /// other content: whoever keeps content in memory keeps a copy.
  ///
  /// @throws dev.cairn.storage.StoreException when they cannot be kept
  void put(List<Block> blocks);

  /// Takes blocks that nobody is expected to read soon, as most of a large file that is added. A
  /// sink that can save memory or work by that overrides this.
  default void putCold(List<Block> blocks) {
    put(blocks);
  }

  /// Takes blocks whose content lies in files of the user's. A sink that can refer to them there
  /// overrides this; any other one copies.
  default void putInPlace(List<InPlace> blocks) {
    put(blocks.stream().map(InPlace::block).toList());
  }

  /// A sink that keeps nothing: for a CID without a copy.
  static BlockSink nowhere() {
    return blocks -> {};
  }
}
