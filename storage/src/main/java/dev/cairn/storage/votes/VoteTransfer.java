package dev.cairn.storage.votes;

import dev.cairn.core.Hash;
import dev.cairn.crypto.Sha256;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import dev.cairn.storage.files.FolderLock;
import dev.cairn.storage.files.Witness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Moves a validator's vote log to another machine: the log and the SHA-256 of it in one file. The
/// folder that it came from is marked first, and never opened again unless the log comes back, so
/// that the votes go on in one place only.
public final class VoteTransfer {

  /// A log larger than this was never pruned; moving it takes a copy of the folder.
  private static final long BYTES_MAX = 256L << 20;

  private static final String MOVED = "MOVED";

  private VoteTransfer() {}

  /// Whether the folder's log was moved away.
  public static boolean moved(Path folder) {
    return Files.exists(folder.resolve(MOVED));
  }

  static void refuseMoved(Path folder) {
    if (moved(folder)) {
      throw new StoreException(
          "the votes of "
              + folder
              + " were moved away ("
              + where(folder)
              + "), so this node must not vote: run it without validator_key, or bring them back"
              + " with 'cairn votes import'");
    }
  }

  private static String where(Path folder) {
    try {
      return Files.readString(folder.resolve(MOVED)).strip();
    } catch (IOException e) {
      return "where to is not known";
    }
  }

  /// Writes the log to a file, and marks the folder as moved; may be repeated.
  ///
  /// @return how many records it holds
  /// @throws StoreException when the folder is in use or has no good log, or the file exists
  public static long export(Path folder, Hash chainId, Path file) {
    if (Files.exists(file)) {
      throw new StoreException(file + " exists already; choose another name");
    }
    boolean again = moved(folder);
    try (VoteFile votes =
        again ? VoteFile.openMoved(folder, chainId) : VoteFile.open(folder, chainId)) {
      byte[] log = votes.bytes();
      if (!again) {
        byte[] mark = ("to " + file.toAbsolutePath() + "\n").getBytes(StandardCharsets.UTF_8);
        DurableFiles.replace(folder.resolve(MOVED), mark);
      }
      byte[] hash = Sha256.digest(log);
      byte[] whole = Arrays.copyOf(log, log.length + hash.length);
      System.arraycopy(hash, 0, whole, log.length, hash.length);
      DurableFiles.replace(file, whole);
      return votes.records();
    }
  }

  /// Takes over the log in a file, into a folder that has none, an empty one, or one that was moved
  /// away.
  ///
  /// @return how many records it holds
  /// @throws StoreException when the file is damaged or of another chain, or the folder has votes
  ///   of its own or later ones
  public static long importInto(Path folder, Hash chainId, Path file) {
    byte[] log = read(file);
    DurableFiles.makeFolder(folder);
    try (FolderLock _ = FolderLock.take(folder)) {
      Path path = folder.resolve(VoteFile.LOG);
      Path fresh = folder.resolve(VoteFile.LOG + ".import");
      DurableFiles.replace(fresh, log);
      Frames.Scan scan = Frames.scan(fresh, chainId, log.length, entry -> {});
      refuseOwn(folder, path, chainId, scan);
      // The next generation tells what is exported from here from what came.
      byte[] head = Frames.head(scan.generation() + 1, chainId);
      System.arraycopy(head, 0, log, 0, head.length);
      DurableFiles.replace(fresh, log);
      byte[] mark = VoteFile.mark(scan.generation() + 1, scan.end());
      Witness.create(folder.resolve(VoteFile.WITNESS), mark).close();
      DurableFiles.moveOver(fresh, path);
      Files.deleteIfExists(folder.resolve(MOVED));
      return scan.frames();
    } catch (IOException e) {
      throw StoreException.of(folder, e);
    }
  }

  private static byte[] read(Path file) {
    try {
      long size = Files.size(file);
      if (size < Frames.HEAD_BYTES + Hash.BYTES || size > BYTES_MAX) {
        throw noExport(file);
      }
      byte[] whole = Files.readAllBytes(file);
      byte[] log = Arrays.copyOf(whole, whole.length - Hash.BYTES);
      byte[] hash = Arrays.copyOfRange(whole, log.length, whole.length);
      if (!Arrays.equals(Sha256.digest(log), hash)) {
        throw noExport(file);
      }
      return log;
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  private static StoreException noExport(Path file) {
    return new StoreException(
        file + " is no whole export of votes; make it again with 'cairn votes export'");
  }

  /// Votes of the folder's own must not be forgotten for those of the file.
  private static void refuseOwn(Path folder, Path path, Hash chainId, Frames.Scan coming) {
    Optional<Witness> witness = Witness.openIfPresent(folder.resolve(VoteFile.WITNESS));
    if (witness.isPresent()) {
      try (Witness known = witness.get()) {
        ByteBuffer mark = ByteBuffer.wrap(known.read());
        long generation = mark.getLong();
        long end = mark.getLong();
        if (coming.generation() < generation
            || (coming.generation() == generation && coming.end() < end)) {
          throw new StoreException(
              "the file is older than the votes that " + folder + " had; look for a later export");
        }
      }
    }
    if (!Files.exists(path)) {
      return;
    }
    Frames.Scan own = Frames.scan(path, chainId, 0, entry -> {});
    if (moved(folder)) {
      if (coming.generation() <= own.generation()) {
        throw new StoreException(
            "these are the votes that "
                + folder
                + " gave away; if no other node has imported them, remove the file "
                + folder.resolve(MOVED)
                + ", else import a later export");
      }
    } else if (own.frames() > 0) {
      throw new StoreException(
          folder
              + " holds "
              + own.frames()
              + " records of its own; import into a new node's folder");
    }
  }
}
