package dev.cairn.files.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Writes files past the page cache (`O_DIRECT`): one copy less, no memory for what nobody may read
/// soon, and a disk that has had its work by the time somebody asks for a sync. Safe for use from
/// any thread.
///
/// A file system that takes no such writes, as a `tmpfs` may, is found out by the first one. Any
/// other error ends them too: the usual way meets it again and can say what it is.
final class DirectWriter {

  /// The longest file; one write each.
  static final int BYTES_MAX = 1 << 20;

  /// Writes at the same time, each of which has a buffer of [#BYTES_MAX] outside the heap.
  static final int BUFFERS_MAX = 4;

  private final Optional<OpenOption> direct = option();
  private final int alignment;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock:
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private int made;
  private boolean refused;

  /// @param folder on the file system of all files
  DirectWriter(Path folder) throws IOException {
    this.alignment = Math.toIntExact(Files.getFileStore(folder).getBlockSize());
    this.refused = direct.isEmpty() || BYTES_MAX % alignment != 0;
  }

  /// The JDK has it in a package that its compiler warns of.
  private static Optional<OpenOption> option() {
    try {
      for (Object constant :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (constant instanceof OpenOption option && constant.toString().equals("DIRECT")) {
          return Optional.of(option);
        }
      }
      return Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  /// Writes a new file.
  ///
  /// @return false when nothing was written, because of the content's length, the file system, or
  ///   others who write
  boolean write(Path file, byte[] content) throws IOException {
    if (content.length == 0 || content.length > BYTES_MAX || content.length % alignment != 0) {
      return false;
    }
    Optional<ByteBuffer> room = take();
    if (room.isEmpty()) {
      return false;
    }
    ByteBuffer buffer = room.get();
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, direct.orElseThrow())) {
      buffer.clear().put(content).flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      return true;
    } catch (UnsupportedOperationException | IOException e) {
      refuse();
      Files.deleteIfExists(file); // Linux makes it before it finds that it cannot be opened so
      return false;
    } finally {
      give(buffer);
    }
  }

  private void refuse() {
    lock.lock();
    try {
      refused = true;
    } finally {
      lock.unlock();
    }
  }

  /// A buffer for one write; empty while as many are in use as there may be.
  Optional<ByteBuffer> take() {
    lock.lock();
    try {
      if (refused) {
        return Optional.empty();
      }
      if (free.isEmpty() && made < BUFFERS_MAX) {
        made++;
        return Optional.of(
            ByteBuffer.allocateDirect(BYTES_MAX + alignment).alignedSlice(alignment));
      }
      return Optional.ofNullable(free.poll());
    } finally {
      lock.unlock();
    }
  }

  void give(ByteBuffer buffer) {
    lock.lock();
    try {
      free.push(buffer);
    } finally {
      lock.unlock();
    }
  }
}
