package dev.cairn.files.store;

import dev.cairn.storage.StoreParams;

/// What a store of files may use.
///
/// @param quotaBytes content of all blocks that are kept, in bytes; content left in place does not
///   count
/// @param freeBytesMin so many bytes of the disk are left free: whoever else writes there, such as
///   the chain's store, which cannot go on without, finds room
/// @param index memory and open files of the index
public record FileStoreParams(long quotaBytes, long freeBytesMin, StoreParams index) {

  /// No quota short of the disk, of which 64 MiB are left.
  public static FileStoreParams defaults() {
    return new FileStoreParams(
        Long.MAX_VALUE, 64L << 20, new StoreParams(8L << 20, 8L << 20, 64, 1));
  }

  public FileStoreParams {
    if (quotaBytes < 0 || freeBytesMin < 0) {
      throw new IllegalArgumentException("a quota, or what is left free, is not negative");
    }
  }

  public FileStoreParams withQuota(long bytes) {
    return new FileStoreParams(bytes, freeBytesMin, index);
  }

  /// The same with so much left free.
  public FileStoreParams withFree(long bytesMin) {
    return new FileStoreParams(quotaBytes, bytesMin, index);
  }
}
