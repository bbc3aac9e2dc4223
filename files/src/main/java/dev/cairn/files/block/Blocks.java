package dev.cairn.files.block;

import dev.cairn.multiformats.Cid;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The blocks that are here, by the multihash of their CID: content that was stored as a raw block
/// is found under its CIDv0 too. Every method may be called from any thread.
///
/// Every method throws a [StoreException] when the disk fails or is full, or when the quota is used
/// up; what was damaged on disk is never returned.
public interface Blocks extends BlockSink {

  boolean has(Cid cid);

  /// The block's length in bytes, if it is here.
  OptionalInt size(Cid cid);

  /// The block's content, which the caller only reads; empty when it is not here.
  Optional<byte[]> get(Cid cid);

  /// The same in an array of the caller's own, from `arrays` where the store can fill one: whoever
  /// is done with the content may give it back there.
  default Optional<byte[]> get(Cid cid, BlockArrays arrays) {
    return get(cid).map(byte[]::clone);
  }

  /// Stores blocks; one that is here already stays as it is. They survive a crash of this process
  /// when this returns, and a power cut once [#sync] has returned.
  @Override
  void put(List<Block> blocks);

  /// Makes everything durable that was put before.
  void sync();

  default void put(Block block) {
    put(List.of(block));
  }
}
