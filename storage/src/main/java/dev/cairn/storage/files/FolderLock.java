package dev.cairn.storage.files;

import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Keeps a folder to one process. The kernel holds the lock on `LOCK` and drops it with the
/// process, however that ends; `HOLDER` beside it only says who it is.
///
/// The two are apart because closing any handle on a locked file drops the lock of the whole
/// process (POSIX `fcntl`), so nothing may ever open `LOCK` to read it.
public final class FolderLock implements AutoCloseable {

  private final FileChannel channel;
  private final Path holder;

  private FolderLock(FileChannel channel, Path holder) {
    this.channel = channel;
    this.holder = holder;
  }

  /// Takes the folder, which must exist.
  ///
  /// @throws StoreException when another process, or another part of this one, has it
  public static FolderLock take(Path folder) {
    Path file = folder.resolve("LOCK");
    Path holder = folder.resolve("HOLDER");
    String self = self();
    if (held(holder).equals(self)) {
      throw inUse(folder, self);
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(folder, held(holder));
      }
      Files.writeString(holder, self);
      return new FolderLock(channel, holder);
    } catch (OverlappingFileLockException e) {
      throw inUse(folder, self);
    } catch (IOException | StoreException e) {
      closeQuietly(channel);
      throw e instanceof IOException io ? StoreException.of(folder, io) : (StoreException) e;
    }
  }

  /// Process and start time: a process in a container often has the same number as the one before
  /// it.
  private static String self() {
    ProcessHandle process = ProcessHandle.current();
    long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + " " + started;
  }

  private static String held(Path holder) {
    try {
      return Files.readString(holder, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static StoreException inUse(Path folder, String holder) {
    int blank = holder.indexOf(' ');
    String who = blank > 0 ? "process " + holder.substring(0, blank) : "another process";
    return new StoreException(folder + " is in use by " + who + "; stop that first");
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing was locked; the refusal that is under way says what matters.
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(holder);
      channel.close();
    } catch (IOException e) {
      throw StoreException.of(holder, e);
    }
  }
}
