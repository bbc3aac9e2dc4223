package dev.cairn.files.store;

import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import dev.cairn.storage.files.Syncs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The files of large blocks: `blocks/XX/HEX`, where HEX is the multihash and XX its last byte. A
/// file is written under a temporary name and renamed, so one under its name is whole unless the
/// power failed before [#sync]. Safe for use from any thread.
///
/// While much is written a sync begins by itself now and then, beside the writing, so that whoever
/// asks for one at the end does not wait for a disk that had nothing to do until then.
final class BlockFiles {

  /// Bytes of one read or write: a channel copies them to and from a buffer outside the heap, one
  /// of which each thread keeps.
  private static final int AT_ONCE_BYTES = 256 << 10;

  /// After so many bytes a sync begins by itself.
  static final int SYNC_AHEAD_BYTES = 32 << 20;

  private final Path blocks;
  private final Path fresh;
  private final DirectWriter direct;
  private final AtomicLong names = new AtomicLong();

  /// What may not be on the disk yet.
  private final Set<Path> unsynced = ConcurrentHashMap.newKeySet();

  private final AtomicLong unsyncedBytes = new AtomicLong();
  private final AtomicBoolean syncingAhead = new AtomicBoolean();

  /// Held by a sync, so that no other returns while files that were written before it are on their
  /// way.
  private final ReentrantLock syncing = new ReentrantLock();

  /// Why a sync that began by itself failed, until it is told.
  private @Nullable StoreException failure;

  private BlockFiles(Path blocks, Path fresh, DirectWriter direct) {
    this.blocks = blocks;
    this.fresh = fresh;
    this.direct = direct;
  }

  /// Also removes what a crash left half-written.
  static BlockFiles open(Path folder) {
    Path blocks = folder.resolve("blocks");
    Path fresh = folder.resolve("new");
    try {
      if (Files.isDirectory(fresh)) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(fresh)) {
          for (Path file : left) {
            Files.delete(file);
          }
        }
      }
      DurableFiles.makeFolder(fresh);
      DurableFiles.makeFolder(blocks);
      for (int i = 0; i < 256; i++) {
        Path shard = blocks.resolve(Hex.encode(new byte[] {(byte) i}));
        if (!Files.isDirectory(shard)) {
          Files.createDirectory(shard);
        }
      }
      return new BlockFiles(blocks, fresh, new DirectWriter(fresh));
    } catch (IOException e) {
      throw StoreException.of(folder, e);
    }
  }

  private Path path(Multihash hash) {
    String hex = Hex.encode(hash.encode());
    return blocks.resolve(hex.substring(hex.length() - 2)).resolve(hex);
  }

  /// @param cold not read soon: kept out of the page cache, where that can be
  void write(Multihash hash, byte[] content, boolean cold) {
    Path temporary = fresh.resolve(Long.toString(names.incrementAndGet()));
    Path path = path(hash);
    try {
      int waiting = 0;
      if (!(cold && direct.write(temporary, content))) {
        write(temporary, content);
        waiting = content.length;
      }
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      unsynced.add(path); // after the rename: a sync under way must not take it off the list unseen
      if (unsyncedBytes.addAndGet(waiting) >= SYNC_AHEAD_BYTES
          && syncingAhead.compareAndSet(false, true)) {
        Thread.ofVirtual().name("sync").start(this::syncAhead);
      }
    } catch (IOException e) {
      discard(temporary, e);
      throw StoreException.of(path, e);
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.position() < content.length) {
        buffer.limit(Math.min(content.length, buffer.position() + AT_ONCE_BYTES));
        channel.write(buffer);
      }
    }
  }

  private static void discard(Path temporary, IOException reason) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /// The content, if there is a file of that length.
  ///
  /// @param room makes, or finds, an array of a length
  Optional<byte[]> read(Multihash hash, int size, IntFunction<byte[]> room) {
    return read(path(hash), 0, size, true, room);
  }

  /// A range of any file; empty when it is not there, or the file has another length and `whole` is
  /// asked for.
  static Optional<byte[]> read(
      Path file, long offset, int size, boolean whole, IntFunction<byte[]> room) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      if (whole ? length != size : length - size < offset) {
        return Optional.empty();
      }
      ByteBuffer content = ByteBuffer.wrap(room.apply(size));
      while (content.position() < size) {
        content.limit(Math.min(size, content.position() + AT_ONCE_BYTES));
        if (channel.read(content, offset + content.position()) < 0) {
          return Optional.empty();
        }
      }
      return Optional.of(content.array());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (!whole) {
        return Optional.empty(); // somebody else's file: theirs to lock up, replace or unmount
      }
      throw StoreException.of(file, e);
    }
  }

  boolean exists(Multihash hash, int size) {
    try {
      return Files.size(path(hash)) == size;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw StoreException.of(blocks, e);
    }
  }

  void delete(Multihash hash) {
    Path path = path(hash);
    try {
      Files.deleteIfExists(path);
      unsynced.remove(path);
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
  }

  int unsyncedFiles() {
    return unsynced.size();
  }

  /// Makes all files durable that were written before.
  void sync() {
    syncing.lock();
    try {
      StoreException earlier = failure;
      failure = null;
      if (earlier != null) {
        throw earlier;
      }
      unsyncedBytes.set(0);
      syncAll();
    } finally {
      syncing.unlock();
    }
  }

  private void syncAhead() {
    syncing.lock();
    try {
      sync();
    } catch (StoreException e) {
      failure = e;
    } finally {
      syncingAhead.set(false);
      syncing.unlock();
    }
  }

  private void syncAll() {
    List<Path> files = new ArrayList<>(unsynced);
    try {
      // Taken off first: what is written again from here on goes on the list again.
      files.forEach(unsynced::remove);
      Set<Path> folders = new HashSet<>();
      files.forEach(file -> folders.add(file.resolveSibling("")));
      force(files, StandardOpenOption.WRITE);
      force(folders, StandardOpenOption.READ);
    } catch (IOException e) {
      unsynced.addAll(files);
      throw StoreException.of(blocks, e);
    }
  }

  private static void force(Collection<Path> paths, StandardOpenOption option) throws IOException {
    try (Syncs syncs = new Syncs()) {
      for (Path path : paths) {
        try {
          syncs.add(FileChannel.open(path, option), e -> e);
        } catch (NoSuchFileException e) {
          // Deleted meanwhile.
        }
      }
      syncs.await();
    }
  }

  /// The blocks that have a file in one of the 256 folders.
  List<Multihash> listed(int shard) {
    List<Multihash> hashes = new ArrayList<>();
    Path folder = blocks.resolve(Hex.encode(new byte[] {(byte) shard}));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        try {
          hashes.add(Multihash.decode(Hex.decode(String.valueOf(file.getFileName()))));
        } catch (MalformedException e) {
          // Somebody else's file: not ours to count or to remove.
        }
      }
    } catch (IOException e) {
      throw StoreException.of(folder, e);
    }
    return hashes;
  }
}
