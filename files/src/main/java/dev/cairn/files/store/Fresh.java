package dev.cairn.files.store;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.InPlace;
import dev.cairn.multiformats.Multihash;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A block on its way into the store.
///
/// @param place where its content stays, if it is not copied
record Fresh(Block block, Optional<Row.Place> place) {

  /// Blocks up to this size, in bytes, go into the index.
  static final int INLINE_BYTES_MAX = 16 << 10;

  /// Blocks to copy, each once; those that their CID holds are left out.
  static Map<Multihash, Fresh> copies(List<Block> blocks) {
    Map<Multihash, Fresh> fresh = new LinkedHashMap<>();
    for (Block block : blocks) {
      if (Block.inline(block.cid()).isEmpty()) {
        fresh.put(block.cid().multihash(), new Fresh(block, Optional.empty()));
      }
    }
    return fresh;
  }

  /// Blocks to refer to.
  static Map<Multihash, Fresh> references(List<InPlace> blocks) {
    Map<Multihash, Fresh> fresh = new LinkedHashMap<>();
    Map<Path, Long> modified = new HashMap<>();
    for (InPlace placed : blocks) {
      Block block = placed.block();
      Path file = placed.file();
      if (Block.inline(block.cid()).isPresent()) {
        continue;
      }
      try {
        if (!modified.containsKey(file)) {
          modified.put(file, Files.getLastModifiedTime(file).toMillis());
        }
      } catch (IOException e) {
        throw StoreException.of(file, e);
      }
      long time = modified.getOrDefault(file, 0L);
      int crc = Contents.crc(block.bytes());
      Row.Place row = new Row.Place(0, block.size(), crc, file, placed.offset(), time);
      fresh.put(block.cid().multihash(), new Fresh(block, Optional.of(row)));
    }
    return fresh;
  }

  boolean needsFile() {
    return place.isEmpty() && block.size() > INLINE_BYTES_MAX;
  }

  /// The row, without its stamp.
  Row row() {
    if (place.isPresent()) {
      return place.get();
    }
    byte[] bytes = block.bytes();
    int crc = Contents.crc(bytes);
    return needsFile()
        ? new Row.Flat(0, bytes.length, crc)
        : new Row.Inline(0, crc, new Row.Content(bytes));
  }
}
