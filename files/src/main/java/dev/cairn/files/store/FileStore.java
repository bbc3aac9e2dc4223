package dev.cairn.files.store;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.block.Blocks;
import dev.cairn.files.block.InPlace;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import dev.cairn.storage.files.FolderLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;

/// Blocks on disk, with pins, a quota and garbage collection. Safe for use from any thread; kept to
/// one process by a lock.
///
/// The folder holds `index/` (RocksDB: a row for each block, the pins, what the rows add up to),
/// `blocks/` (a file for each large block) and `new/` (files that are being written). Small blocks
/// are in the index, because a file costs the file system 4 KiB and two writes; large ones are
/// files, because RocksDB would write them again at each compaction. A row is written after its
/// file, so a kill at any point leaves at worst a file without a row, which the next collection
/// removes. Content that is left in place is a row with a path.
///
/// What was put survives the end of the process at once, and a power cut once [#sync] or [#pin] has
/// returned. A block that a power cut or the disk damaged is never returned: it is forgotten, so
/// that it can be fetched or added again.
public final class FileStore implements Blocks, AutoCloseable {

  /// The layout; goes up with every change of it.
  static final int FORMAT = 1;

  /// The longest name of a pin, in bytes of UTF-8.
  public static final int PIN_NAME_BYTES_MAX = 1024;

  private static final System.Logger LOG = System.getLogger(FileStore.class.getName());

  private final Path folder;
  private final FolderLock lock;
  private final Index index;
  private final Contents contents;
  private final Writes writes;
  private final InstantSource clock;
  private final Reports reports = new Reports(LOG);

  private FileStore(
      Path folder, FolderLock lock, Index index, FileStoreParams params, InstantSource clock) {
    this.folder = folder;
    this.lock = lock;
    this.index = index;
    this.clock = clock;
    BlockFiles files = BlockFiles.open(folder);
    this.contents = new Contents(files);
    this.writes = new Writes(folder, index, files, contents, params, clock);
  }

  /// Opens the store in a folder, or makes one there.
  ///
  /// @throws StoreException when another process has it (the message says which), it is damaged, or
  ///   of another format
  public static FileStore open(Path folder, FileStoreParams params) {
    return open(folder, params, InstantSource.system());
  }

  /// The same with a clock, which only pins' dates and the age of blocks depend on.
  public static FileStore open(Path folder, FileStoreParams params, InstantSource clock) {
    DurableFiles.makeFolder(folder);
    FolderLock lock = FolderLock.take(folder);
    try {
      StoreFormat.check(folder, FORMAT);
      DurableFiles.makeFolder(folder.resolve("index"));
      Index index = Index.open(folder.resolve("index"), params.index());
      try {
        return new FileStore(folder, lock, index, params, clock);
      } catch (RuntimeException e) {
        index.close();
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public boolean has(Cid cid) {
    return size(cid).isPresent();
  }

  /// Of content in place, whose file was touched since, the hash is compared before it counts as
  /// here.
  @Override
  public OptionalInt size(Cid cid) {
    Optional<Block> inline = Block.inline(cid);
    if (inline.isPresent()) {
      return OptionalInt.of(inline.get().size());
    }
    Multihash hash = cid.multihash();
    Optional<Row> row = index.row(hash);
    if (row.isEmpty()) {
      return OptionalInt.empty();
    }
    boolean here =
        !(row.get() instanceof Row.Place)
            || contents.exists(hash, row.get())
            || contents.read(hash, row.get(), byte[]::new).isPresent();
    return here ? OptionalInt.of(row.get().size()) : OptionalInt.empty();
  }

  @Override
  public Optional<byte[]> get(Cid cid) {
    Optional<Block> inline = Block.inline(cid);
    return inline.isPresent() ? inline.map(Block::bytes) : get(cid.multihash(), byte[]::new);
  }

  @Override
  public Optional<byte[]> get(Cid cid, BlockArrays arrays) {
    Optional<Block> inline = Block.inline(cid);
    return inline.isPresent() ? inline.map(Block::bytes) : get(cid.multihash(), arrays::take);
  }

  private Optional<byte[]> get(Multihash hash, IntFunction<byte[]> room) {
    Optional<Row> row = index.row(hash);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> content = contents.read(hash, row.get(), room);
    return content.isPresent() ? content : unsound(hash, row.get());
  }

  /// Content in place may come back, as when a disk is mounted again, so its row stays.
  private Optional<byte[]> unsound(Multihash hash, Row row) {
    if (row instanceof Row.Place place) {
      reports.changed(place.file(), name(hash) + " " + contents.fault(row));
      return Optional.empty();
    }
    Optional<byte[]> content = writes.forgetUnlessSound(hash);
    if (content.isEmpty() && index.row(hash).isEmpty()) {
      reports.damaged(name(hash) + " " + contents.fault(row) + " in " + folder);
    }
    return content;
  }

  /// Why content that was left in its place is not here any more; empty for any other. Names no
  /// path, so that it can be told to others.
  public Optional<String> lost(Cid cid) {
    return index
        .row(cid.multihash())
        .filter(Row.Place.class::isInstance)
        .filter(row -> contents.read(cid.multihash(), row, byte[]::new).isEmpty())
        .map(row -> "it was left in its place, and " + Contents.change((Row.Place) row));
  }

  private static Cid name(Multihash hash) {
    return Cid.of(Cid.RAW, hash);
  }

  /// @throws StoreException when the quota does not allow it, in which case none of these blocks is
  ///   kept, or the disk fails or is full
  @Override
  public void put(List<Block> blocks) {
    writes.put(blocks, false);
  }

  /// Kept out of the page cache, where that can be; else the same as [#put].
  @Override
  public void putCold(List<Block> blocks) {
    writes.put(blocks, true);
  }

  /// Keeps references instead of content; what is here already stays as it is. Not counted towards
  /// the quota.
  @Override
  public void putInPlace(List<InPlace> blocks) {
    writes.putInPlace(blocks);
  }

  @Override
  public void sync() {
    writes.sync();
  }

  /// This store alone, without a network.
  public BlockSource source() {
    return BlockSource.of(this);
  }

  /// Opens a hold: what is put from now on, also what is here already, is not collected before it
  /// is closed.
  public Hold hold() {
    return writes.hold();
  }

  /// Keeps a root with all below it, whether it is here yet or not: a download pins first, so that
  /// what it has is kept over a restart. A new name replaces the one before. Durable on return,
  /// with all that was put before.
  public void pin(Cid root, String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > PIN_NAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the name of a pin has at most " + PIN_NAME_BYTES_MAX + " bytes");
    }
    Instant since = pinned(root).map(Pin::since).orElseGet(clock::instant);
    writes.sync();
    writes.pin(new Pin(root, name, since));
  }

  /// False when it was not pinned. Durable on return.
  public boolean unpin(Cid root) {
    boolean was = pinned(root).isPresent();
    if (was) {
      index.rocks().write(batch -> batch.delete(Index.PINS, root));
    }
    return was;
  }

  public Optional<Pin> pinned(Cid root) {
    return index.rocks().get(Index.PINS, root);
  }

  /// All pins, in the order of their CIDs' bytes.
  public List<Pin> pins() {
    return index.pins();
  }

  /// Removes what no pin and no hold keeps and what was put longer ago than `recent`. Blocks may be
  /// put, pinned and read meanwhile: what is put or pinned while this runs is kept. One collection
  /// runs at a time; another caller waits.
  public GcReport gc(Duration recent) {
    return new Collection(this, index, writes).run(recent);
  }

  public StoreStat stat() {
    Usage usage = writes.usage();
    return new StoreStat(
        usage.blocks(),
        usage.bytes(),
        writes.quotaBytes(),
        usage.inPlaceBlocks(),
        usage.inPlaceBytes(),
        pins().size());
  }

  /// Reads every block and compares it with its hash. What is damaged is forgotten; references to
  /// files that were changed stay, in case the files come back.
  ///
  /// @param progress told the bytes checked since it was told last
  public VerifyReport verify(LongConsumer progress) {
    long blocks = 0;
    long bytes = 0;
    long faulty = 0;
    List<String> faults = new ArrayList<>();
    byte[] after = {};
    while (true) {
      List<Index.Entry> page = index.page(after, Collection.PAGE_ROWS);
      if (page.isEmpty()) {
        return new VerifyReport(blocks, bytes, List.copyOf(faults), faulty);
      }
      for (Index.Entry entry : page) {
        blocks++;
        bytes += entry.row().size();
        Optional<String> fault = fault(entry);
        if (fault.isPresent()) {
          faulty++;
          if (faults.size() < VerifyReport.FAULTS_MAX) {
            faults.add(fault.get());
          }
        }
        progress.accept(entry.row().size());
      }
      after = page.getLast().hash().encode();
    }
  }

  private Optional<String> fault(Index.Entry entry) {
    Multihash hash = entry.hash();
    Optional<byte[]> content = contents.read(hash, entry.row(), byte[]::new);
    boolean sound = content.isPresent() && Contents.matches(hash, content.get());
    if (sound || index.row(hash).isEmpty()) {
      return Optional.empty();
    }
    String fault = name(hash) + " " + contents.fault(entry.row());
    if (!(entry.row() instanceof Row.Place)) {
      writes.forget(hash);
    }
    return Optional.of(fault);
  }

  /// Durable, and free for another process, on return.
  @Override
  public void close() {
    try {
      writes.sync();
    } finally {
      index.close();
      lock.close();
    }
  }
}
