package dev.cairn.storage.votes;

import dev.cairn.core.Hash;
import dev.cairn.core.consensus.VoteLog;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import dev.cairn.storage.files.FolderLock;
import dev.cairn.storage.files.Witness;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The vote log as an append-only file in a folder of its own.
///
/// A validator that forgets a vote may cast another one, so the file is made once, with the node's
/// data folder ([#create]), for every node whether it votes or not; from then on a missing,
/// shortened or damaged file refuses to open ([#open]). Only a tail that was never synced is cut.
/// [VoteTransfer] moves it to another machine; never copy it.
///
/// A witness beside the log remembers what was synced. Pruning rewrites the file under the next
/// generation once it has grown by [#REWRITE_BYTES].
///
/// Owner: the one thread that performs the engine's effects.
public final class VoteFile implements VoteLog, AutoCloseable {

  /// Growth after which a pruned log is rewritten.
  public static final long REWRITE_BYTES = 16L << 20;

  static final String LOG = "votes.log";
  static final String WITNESS = "votes.witness";

  private final Path path;
  private final Hash chainId;
  private final long rewriteBytes;
  private final FolderLock lock;
  private final Witness witness;
  private RandomAccessFile file;
  private long generation;
  private long frames;
  private long end;
  private long rewriteAt;
  private boolean failed;

  private VoteFile(
      Path path, Hash chainId, long rewriteBytes, FolderLock lock, Witness witness, Frames.Scan at)
      throws IOException {
    this.path = path;
    this.chainId = chainId;
    this.rewriteBytes = rewriteBytes;
    this.lock = lock;
    this.witness = witness;
    this.generation = at.generation();
    this.frames = at.frames();
    this.end = at.end();
    this.rewriteAt = end + rewriteBytes;
    // Not a channel: an interrupt would close that.
    this.file = new RandomAccessFile(path.toFile(), "rw");
    if (file.length() > end) {
      file.setLength(end);
      file.getFD().sync();
    }
    file.seek(end);
  }

  /// Whether the folder has a vote file, whole or not.
  public static boolean exists(Path folder) {
    return Files.exists(folder.resolve(LOG));
  }

  /// Makes an empty log: only with a new data folder.
  ///
  /// @param chainId the chain whose blocks are voted for
  /// @throws StoreException when the folder has, or had, a log, or cannot be written
  public static void create(Path folder, Hash chainId) {
    Path path = folder.resolve(LOG);
    DurableFiles.makeFolder(folder);
    try (FolderLock _ = FolderLock.take(folder)) {
      if (Files.exists(path)) {
        throw new StoreException(path + " exists already");
      }
      byte[] empty = mark(0, Frames.HEAD_BYTES);
      Optional<Witness> before = Witness.openIfPresent(folder.resolve(WITNESS));
      if (before.isPresent()) {
        try (Witness known = before.get()) {
          if (!Arrays.equals(known.read(), empty)) {
            throw missing(path);
          }
        }
      }
      Witness.create(folder.resolve(WITNESS), empty).close();
      DurableFiles.replace(path, Frames.head(0, chainId));
    }
  }

  /// @throws StoreException when the folder has a log, or had one that was moved away
  public static void refuseUnlessLost(Path folder) {
    VoteTransfer.refuseMoved(folder);
    if (exists(folder)) {
      throw new StoreException(
          folder.resolve(LOG)
              + " is not lost; start without --votes-lost-after, so that nothing is forgotten");
    }
  }

  /// Makes a log in place of one that is lost, with a floor: nothing is voted at or below it.
  ///
  /// @param floor the epoch and slot up to which there may have been votes
  /// @throws StoreException when the log is there
  public static void recreate(Path folder, Hash chainId, VoteRecord floor) {
    Path path = folder.resolve(LOG);
    DurableFiles.makeFolder(folder);
    try (FolderLock _ = FolderLock.take(folder)) {
      refuseUnlessLost(folder);
      byte[] head = Frames.head(0, chainId);
      byte[] frame = Frames.frame(0, floor);
      byte[] whole = Arrays.copyOf(head, head.length + frame.length);
      System.arraycopy(frame, 0, whole, head.length, frame.length);
      Witness.create(folder.resolve(WITNESS), mark(0, whole.length)).close();
      DurableFiles.replace(path, whole);
    }
  }

  /// Opens the log of this chain.
  ///
  /// @param chainId the chain whose blocks are voted for
  /// @throws StoreException when it is missing, damaged, moved away, in use, or of another chain
  public static VoteFile open(Path folder, Hash chainId) {
    VoteTransfer.refuseMoved(folder);
    return open(folder, chainId, REWRITE_BYTES);
  }

  /// Opens the log even when it was moved away, to export it again.
  static VoteFile openMoved(Path folder, Hash chainId) {
    return open(folder, chainId, REWRITE_BYTES);
  }

  static VoteFile open(Path folder, Hash chainId, long rewriteBytes) {
    Path path = folder.resolve(LOG);
    if (!Files.exists(path)) {
      throw missing(path);
    }
    FolderLock lock = FolderLock.take(folder);
    try {
      Witness witness = witness(folder, path);
      try {
        return new VoteFile(
            path, chainId, rewriteBytes, lock, witness, check(path, chainId, witness));
      } catch (IOException e) {
        witness.close();
        throw StoreException.of(path, e);
      } catch (StoreException e) {
        witness.close();
        throw e;
      }
    } catch (StoreException e) {
      lock.close();
      throw e;
    }
  }

  private static Witness witness(Path folder, Path path) {
    try {
      Optional<Witness> witness = Witness.openIfPresent(folder.resolve(WITNESS));
      return witness.orElseThrow(() -> Frames.damaged(path, "its witness is missing"));
    } catch (StoreException e) {
      throw Files.exists(folder.resolve(WITNESS))
          ? Frames.damaged(folder.resolve(WITNESS), "it is not what was written")
          : e;
    }
  }

  private static StoreException missing(Path path) {
    return new StoreException(
        path
            + " is missing; a validator that forgot its votes may vote twice, so bring the file"
            + " back, or start with "
            + Frames.LOST);
  }

  private static Frames.Scan check(Path path, Hash chainId, Witness witness) throws IOException {
    ByteBuffer known = ByteBuffer.wrap(witness.read());
    long generation = known.getLong();
    long durable = known.getLong();
    // A witness of the generation before says nothing about the length of this file.
    long found = Frames.generation(path, chainId);
    if (found < generation) {
      throw Frames.damaged(path, "it is older than its witness");
    }
    long synced = found == generation ? durable : 0;
    Frames.Scan scan = Frames.scan(path, chainId, synced, entry -> {});
    if (scan.end() < synced) {
      throw Frames.damaged(
          path, "it ends at byte " + scan.end() + ", and " + synced + " were synced");
    }
    return scan;
  }

  static byte[] mark(long generation, long end) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(generation).putLong(end).array();
  }

  /// The log's bytes, as far as they are whole.
  byte[] bytes() {
    try {
      return Arrays.copyOf(Files.readAllBytes(path), Math.toIntExact(end));
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
  }

  /// Records in the log.
  long records() {
    return frames;
  }

  @Override
  public List<VoteRecord> load() {
    List<VoteRecord> entries = new ArrayList<>();
    var _ = Frames.scan(path, chainId, end, entries::add);
    return entries;
  }

  @Override
  public void append(VoteRecord entry) {
    byte[] frame = Frames.frame(frames, entry);
    guard();
    try {
      file.write(frame);
      end += frame.length;
      frames++;
    } catch (IOException e) {
      throw fail(e);
    }
  }

  @Override
  public void sync() {
    guard();
    try {
      file.getFD().sync();
    } catch (IOException e) {
      throw fail(e);
    }
    witness.write(mark(generation, end));
  }

  @Override
  public void prune(long epoch, long slot) {
    if (end < rewriteAt) {
      return;
    }
    guard();
    try {
      rewrite(epoch, slot);
    } catch (IOException e) {
      throw fail(e);
    }
  }

  /// What a pruned log holds: a floor, and the records above this place. Those below are let go of
  /// while they are read: they are all the blocks of some seconds.
  private List<VoteRecord> rest(long epoch, long slot) {
    List<VoteRecord> rest = new ArrayList<>(List.of(VoteRecord.floor(epoch, slot)));
    var _ =
        Frames.scan(
            path,
            chainId,
            end,
            entry -> {
              if (entry.kind() != VoteRecord.Kind.FLOOR) {
                if (!entry.atOrBelow(epoch, slot)) {
                  rest.add(entry);
                }
              } else if (rest.getFirst().atOrBelow(entry.epoch(), entry.slot())) {
                rest.set(0, entry);
              }
            });
    return rest;
  }

  private void rewrite(long epoch, long slot) throws IOException {
    List<VoteRecord> kept = rest(epoch, slot);
    Path fresh = path.resolveSibling(LOG + ".new");
    long size = Frames.HEAD_BYTES;
    try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
      out.write(Frames.head(generation + 1, chainId));
      for (int i = 0; i < kept.size(); i++) {
        byte[] frame = Frames.frame(i, kept.get(i));
        out.write(frame);
        size += frame.length;
      }
      out.getFD().sync();
    }
    DurableFiles.moveOver(fresh, path);
    RandomAccessFile next = new RandomAccessFile(path.toFile(), "rw");
    next.seek(size);
    file.close();
    file = next;
    generation++;
    frames = kept.size();
    end = size;
    rewriteAt = end + rewriteBytes;
    witness.write(mark(generation, end));
  }

  /// After a failed write or sync nobody knows what is on the disk, so nothing may follow it.
  private void guard() {
    if (failed) {
      throw new StoreException(path + " failed before; the node has to be started again");
    }
  }

  private StoreException fail(IOException cause) {
    failed = true;
    return StoreException.of(path, cause);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw StoreException.of(path, e);
    } finally {
      witness.close();
      lock.close();
    }
  }
}
