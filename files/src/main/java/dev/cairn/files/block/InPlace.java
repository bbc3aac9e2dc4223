package dev.cairn.files.block;

import java.nio.file.Path;

/// A block whose content is a range of a file that stays where it is.
///
/// @param file absolute
/// @param offset of the block's first byte in the file, in bytes, from 0
public record InPlace(Block block, Path file, long offset) {

  public InPlace {
    if (offset < 0 || !file.isAbsolute()) {
      throw new IllegalArgumentException("a block in place has an absolute path and an offset");
    }
  }
}
