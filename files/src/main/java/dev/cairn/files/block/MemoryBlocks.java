package dev.cairn.files.block;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Blocks in memory, for as long as this object lives.
public final class MemoryBlocks implements Blocks {

  private final ConcurrentMap<Multihash, byte[]> blocks = new ConcurrentHashMap<>();

  /// Holds nothing yet.
  public MemoryBlocks() {}

  @Override
  public boolean has(Cid cid) {
    return blocks.containsKey(cid.multihash());
  }

  @Override
  public OptionalInt size(Cid cid) {
    byte[] bytes = blocks.get(cid.multihash());
    return bytes == null ? OptionalInt.empty() : OptionalInt.of(bytes.length);
  }

  @Override
  public Optional<byte[]> get(Cid cid) {
    return Optional.ofNullable(blocks.get(cid.multihash()));
  }

  @Override
  public void put(List<Block> added) {
    for (Block block : added) {
      blocks.computeIfAbsent(block.cid().multihash(), hash -> block.bytes().clone());
    }
  }

  @Override
  public void sync() {
    // Memory keeps nothing beyond this object.
  }
}
