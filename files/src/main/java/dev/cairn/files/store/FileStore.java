package dev.cairn.files.store;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.block.Blocks;
import dev.cairn.files.block.InPlace;
import dev.cairn.multiformats.Cid;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/// Blocks on disk, with pins, a quota and garbage collection. Safe for use from any thread.
@SuppressWarnings("DoNotCallSuggester")
public final class FileStore implements Blocks, AutoCloseable {

  private FileStore() {}

  /// Opens the store in a folder, or makes one there.
  ///
  /// @throws dev.cairn.storage.StoreException when another process has it, or it is damaged
  public static FileStore open(Path folder, FileStoreParams params) {
    return open(folder, params, InstantSource.system());
  }

  /// The same with a clock, which only pins' dates and the age of blocks depend on.
  public static FileStore open(Path folder, FileStoreParams params, InstantSource clock) {
    throw new UnsupportedOperationException("" + folder + params + clock);
  }

  @Override
  public boolean has(Cid cid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalInt size(Cid cid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<byte[]> get(Cid cid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void put(List<Block> blocks) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putInPlace(List<InPlace> blocks) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sync() {
    throw new UnsupportedOperationException();
  }

  /// This store alone, without a network.
  public BlockSource source() {
    return BlockSource.of(this);
  }

  /// Opens a hold.
  public Hold hold() {
    throw new UnsupportedOperationException();
  }

  /// Keeps a root with all below it, whether it is here yet or not; a new name replaces the one
  /// before. Durable on return, with all that was put before.
  public void pin(Cid root, String name) {
    throw new UnsupportedOperationException();
  }

  /// False when it was not pinned.
  public boolean unpin(Cid root) {
    throw new UnsupportedOperationException();
  }

  public Optional<Pin> pinned(Cid root) {
    throw new UnsupportedOperationException();
  }

  /// All pins, in the order of their CIDs.
  public List<Pin> pins() {
    throw new UnsupportedOperationException();
  }

  /// Removes what no pin and no hold keeps and what is older than `recent`.
  public GcReport gc(Duration recent) {
    throw new UnsupportedOperationException();
  }

  public StoreStat stat() {
    throw new UnsupportedOperationException();
  }

  /// Hashes every block again.
  ///
  /// @param progress told the bytes hashed since it was told last
  public VerifyReport verify(LongConsumer progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
