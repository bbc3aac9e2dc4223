package dev.cairn.storage;

/// What a store may use.
///
/// @param blockCacheBytes memory for blocks of the files, their indexes and filters
/// @param writeBufferBytes memory for what is not yet in sorted files, all columns together
/// @param openFilesMax descriptors kept for sorted files
/// @param undoBlocks how many of the last blocks keep what undoes them
public record StoreParams(
    long blockCacheBytes, long writeBufferBytes, int openFilesMax, int undoBlocks) {

  /// Small, since a node shares its machine: an idle one stays under 150 MB in all. The memory for
  /// writes is taken as they come.
  public static StoreParams defaults() {
    return new StoreParams(24L << 20, 64L << 20, 256, 1024);
  }

  public StoreParams {
    if (blockCacheBytes < 1 << 20 || writeBufferBytes < 1 << 20) {
      throw new IllegalArgumentException("a store needs a MiB of each kind of memory");
    }
    if (openFilesMax < 16 || undoBlocks < 1) {
      throw new IllegalArgumentException("a store needs 16 files and one block to undo");
    }
  }
}
