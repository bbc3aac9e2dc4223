package dev.cairn.files.store;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.InPlace;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.rocks.Rocks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// All that changes a store. Content is written without a lock; rows, sums, holds and what the
/// collector removes change under one, so that the sums are exact and nothing that is being put is
/// removed.
final class Writes {

  /// So many files wait for a sync at most; whoever puts one more syncs.
  static final int UNSYNCED_FILES_MAX = 16_384;

  /// A block that is put again counts as fresh again when it was put longer ago than this.
  private static final long RESTAMP_MICROS = 60_000_000;

  private final Path folder;
  private final Index index;
  private final BlockFiles files;
  private final Contents contents;
  private final long quotaBytes;
  private final DiskRoom room;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();

  /// Held by the one collection that runs, beside the lock, which it takes page by page.
  private final ReentrantLock collector = new ReentrantLock();

  // Guarded by the lock:
  private Usage usage;
  private long reservedBytes;
  private final Map<Multihash, Integer> inFlight = new HashMap<>();
  private final TreeSet<Long> holds = new TreeSet<>();
  private long collecting = Long.MIN_VALUE;
  private final List<Cid> pinnedMeanwhile = new ArrayList<>();

  Writes(
      Path folder,
      Index index,
      BlockFiles files,
      Contents contents,
      FileStoreParams params,
      InstantSource clock) {
    this.folder = folder;
    this.index = index;
    this.files = files;
    this.contents = contents;
    this.quotaBytes = params.quotaBytes();
    this.room = new DiskRoom(folder, params.freeBytesMin());
    this.clock = clock;
    this.usage = index.usage();
  }

  ReentrantLock collector() {
    return collector;
  }

  long quotaBytes() {
    return quotaBytes;
  }

  Usage usage() {
    lock.lock();
    try {
      return usage;
    } finally {
      lock.unlock();
    }
  }

  /// @param cold not read soon
  void put(List<Block> blocks, boolean cold) {
    put(Fresh.copies(blocks), cold);
  }

  void putInPlace(List<InPlace> blocks) {
    put(Fresh.references(blocks), false);
  }

  private void put(Map<Multihash, Fresh> fresh, boolean cold) {
    long reserved = begin(fresh);
    boolean committed = false;
    try {
      fresh.forEach(
          (hash, item) -> {
            if (item.needsFile()) {
              files.write(hash, item.block().bytes(), cold);
            }
          });
      Map<Multihash, Row> rows = new LinkedHashMap<>();
      fresh.forEach((hash, item) -> rows.put(hash, item.row()));
      locked(() -> commit(rows));
      committed = true;
    } finally {
      boolean done = committed;
      locked(() -> end(fresh.keySet(), reserved, done));
    }
    if (files.unsyncedFiles() > UNSYNCED_FILES_MAX) {
      sync();
    }
  }

  /// Takes out what is here already, reserves room for the rest and returns how much.
  private long begin(Map<Multihash, Fresh> fresh) {
    lock.lock();
    try {
      Map<Multihash, Row> again = new LinkedHashMap<>();
      long bytes = 0;
      for (var items = fresh.entrySet().iterator(); items.hasNext(); ) {
        Map.Entry<Multihash, Fresh> item = items.next();
        Multihash hash = item.getKey();
        Optional<Row> row = index.row(hash);
        boolean copied = item.getValue().place().isEmpty();
        if (row.isPresent() && stays(hash, row.get(), copied)) {
          again.put(hash, row.get());
          items.remove();
        } else if (copied) {
          bytes += item.getValue().block().size();
        }
      }
      restamp(again);
      if (bytes > quotaBytes - usage.bytes() - reservedBytes) {
        throw full(bytes);
      }
      if (!fresh.isEmpty()) {
        room.require(bytes + reservedBytes);
      }
      reservedBytes += bytes;
      fresh.keySet().forEach(hash -> inFlight.merge(hash, 1, Integer::sum));
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /// A copy takes the place of a reference, which somebody else's change may break at any time.
  private boolean stays(Multihash hash, Row row, boolean copied) {
    return !(copied && row instanceof Row.Place) && contents.exists(hash, row);
  }

  private StoreException full(long more) {
    return new StoreException(
        "the store of files in "
            + folder
            + " is full: "
            + usage.bytes()
            + " of "
            + quotaBytes
            + " bytes are used, and "
            + more
            + " more are wanted; unpin something and collect, or raise the quota");
  }

  private void restamp(Map<Multihash, Row> again) {
    long stamp = nextStamp();
    long newestHold = holds.isEmpty() ? Long.MIN_VALUE : holds.last();
    long from = Math.max(Math.max(newestHold, collecting), stamp - RESTAMP_MICROS);
    Map<Multihash, Row> old = new LinkedHashMap<>();
    again.forEach(
        (hash, row) -> {
          if (row.stamp() < from) {
            old.put(hash, row);
          }
        });
    if (!old.isEmpty()) {
      commit(old);
    }
  }

  /// Sets rows and the sums, with a fresh stamp.
  private void commit(Map<Multihash, Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    long stamp = nextStamp();
    Usage sums = usage;
    Map<Multihash, Row> stamped = new LinkedHashMap<>();
    for (Map.Entry<Multihash, Row> entry : rows.entrySet()) {
      Optional<Row> before = index.row(entry.getKey());
      Row row = entry.getValue().stamped(stamp);
      sums = (before.isPresent() ? sums.without(before.get()) : sums).with(row);
      stamped.put(entry.getKey(), row);
    }
    write(
        sums, batch -> stamped.forEach((hash, row) -> batch.put(Index.BLOCKS, hash.encode(), row)));
  }

  private void end(Set<Multihash> hashes, long reserved, boolean committed) {
    reservedBytes -= reserved;
    for (Multihash hash : hashes) {
      int others = inFlight.getOrDefault(hash, 1) - 1;
      if (others > 0) {
        inFlight.put(hash, others);
        continue;
      }
      inFlight.remove(hash);
      if (!committed) {
        removeStray(hash);
      }
    }
  }

  private void write(Usage sums, Consumer<Rocks.Batch> rows) {
    index
        .rocks()
        .writeSoon(
            batch -> {
              rows.accept(batch);
              batch.put(Index.USAGE, Index.USAGE_KEY, sums);
            });
    usage = sums;
  }

  /// The content after all, if somebody has put the block again; otherwise its row goes.
  Optional<byte[]> forgetUnlessSound(Multihash hash) {
    lock.lock();
    try {
      Optional<Row> row = index.row(hash);
      if (row.isEmpty()) {
        return Optional.empty();
      }
      Optional<byte[]> content = contents.read(hash, row.get(), byte[]::new);
      if (content.isEmpty()) {
        forget(hash);
      }
      return content;
    } finally {
      lock.unlock();
    }
  }

  void forget(Multihash hash) {
    locked(() -> index.row(hash).ifPresent(row -> remove(Map.of(hash, row))));
  }

  /// Removes rows and then their files: a crash in between leaves a file that counts nowhere.
  private void remove(Map<Multihash, Row> rows) {
    Usage sums = usage;
    for (Row row : rows.values()) {
      sums = sums.without(row);
    }
    write(sums, batch -> rows.keySet().forEach(hash -> batch.delete(Index.BLOCKS, hash.encode())));
    rows.forEach(
        (hash, row) -> {
          if (row instanceof Row.Flat && !inFlight.containsKey(hash)) {
            files.delete(hash);
          }
        });
  }

  void sync() {
    files.sync();
    locked(() -> index.rocks().write(batch -> batch.put(Index.USAGE, Index.USAGE_KEY, usage)));
  }

  void pin(Pin pin) {
    locked(
        () -> {
          index.rocks().write(batch -> batch.put(Index.PINS, pin.cid(), pin));
          if (collecting != Long.MIN_VALUE) {
            pinnedMeanwhile.add(pin.cid());
          }
        });
  }

  Hold hold() {
    lock.lock();
    try {
      long start = nextStamp();
      holds.add(start);
      return () -> locked(() -> holds.remove(start));
    } finally {
      lock.unlock();
    }
  }

  /// Starts a collection and returns the stamp under which unmarked blocks go.
  long startCollecting(Duration recent) {
    lock.lock();
    try {
      long cutoff = nextStamp() - recent.toMillis() * 1000;
      if (!holds.isEmpty()) {
        cutoff = Math.min(cutoff, holds.first());
      }
      collecting = usage.stamp();
      pinnedMeanwhile.clear();
      return cutoff;
    } finally {
      lock.unlock();
    }
  }

  void endCollecting() {
    locked(() -> collecting = Long.MIN_VALUE);
  }

  /// Roots that were pinned since the last call of this.
  List<Cid> takePinned() {
    lock.lock();
    try {
      List<Cid> roots = List.copyOf(pinnedMeanwhile);
      pinnedMeanwhile.clear();
      return roots;
    } finally {
      lock.unlock();
    }
  }

  /// Removes those of the blocks that are still as old; does nothing and returns empty when
  /// something was pinned meanwhile, which has to be marked first.
  Optional<Map<Multihash, Row>> collect(List<Multihash> unmarked, long cutoff) {
    lock.lock();
    try {
      if (!pinnedMeanwhile.isEmpty()) {
        return Optional.empty();
      }
      Map<Multihash, Row> rows = new LinkedHashMap<>();
      for (Multihash hash : unmarked) {
        index.row(hash).filter(row -> row.stamp() < cutoff).ifPresent(row -> rows.put(hash, row));
      }
      if (!rows.isEmpty()) {
        remove(rows);
      }
      return Optional.of(rows);
    } finally {
      lock.unlock();
    }
  }

  /// Removes the files of one of the 256 folders that no row names and nobody is writing.
  void removeStrays(int shard) {
    for (Multihash hash : files.listed(shard)) {
      if (!hasFile(hash)) {
        locked(() -> removeStray(hash));
      }
    }
  }

  private void removeStray(Multihash hash) {
    if (!hasFile(hash) && !inFlight.containsKey(hash)) {
      files.delete(hash);
    }
  }

  private boolean hasFile(Multihash hash) {
    return index.row(hash).filter(Row.Flat.class::isInstance).isPresent();
  }

  private long nextStamp() {
    usage = usage.at(Math.max(clock.millis() * 1000, usage.stamp() + 1));
    return usage.stamp();
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
