package dev.cairn.files.store;

import dev.cairn.storage.StoreParams;

/// What a store of files may use.
///
/// @param quotaBytes content of all blocks that are kept, in bytes; content left in place does not
///   count
/// @param index memory and open files of the index
public record FileStoreParams(long quotaBytes, StoreParams index) {

  /// No quota short of the disk.
  public static FileStoreParams defaults() {
    return new FileStoreParams(Long.MAX_VALUE, new StoreParams(8L << 20, 8L << 20, 64, 1));
  }

  public FileStoreParams {
    if (quotaBytes < 0) {
      throw new IllegalArgumentException("a quota is not negative");
    }
  }

  public FileStoreParams withQuota(long bytes) {
    return new FileStoreParams(bytes, index);
  }
}
