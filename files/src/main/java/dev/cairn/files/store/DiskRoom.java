package dev.cairn.files.store;

import dev.cairn.files.block.ByteSize;
import dev.cairn.storage.StoreException;
import java.io.File;
import java.nio.file.Path;

/// What is left free of the disk that a store is on.
///
/// @param folder of the store
/// @param freeBytesMin see [FileStoreParams]
record DiskRoom(Path folder, long freeBytesMin) {

  /// A look at the file system costs a microsecond; one that does not know its size (0) is trusted.
  ///
  /// @param more bytes that are about to be written
  /// @throws StoreException when too little would be left
  void require(long more) {
    File disk = folder.toFile();
    long free = disk.getUsableSpace();
    if (free - freeBytesMin < more && (free > 0 || disk.getTotalSpace() > 0)) {
      throw new StoreException(
          "the disk that holds "
              + folder
              + " is nearly full: "
              + ByteSize.shown(free)
              + " are free, "
              + ByteSize.shown(freeBytesMin)
              + " of which are left for the rest of the node; make room on it, or unpin something"
              + " and collect");
    }
  }
}
