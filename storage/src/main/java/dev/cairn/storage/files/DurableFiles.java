package dev.cairn.storage.files;

import dev.cairn.storage.StoreException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files and folders that survive a power cut.
public final class DurableFiles {

  private DurableFiles() {}

  /// Puts the content there in one step: a reader, now or after a crash, sees the old file or the
  /// new one, whole. Durable on return.
  public static void replace(Path file, byte[] content) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
        out.write(content);
        out.getFD().sync();
      }
      moveOver(fresh, file);
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  /// Renames a synced file over another (or none) and makes the rename durable.
  public static void moveOver(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncParent(to);
  }

  /// Makes the folder if it is missing; durable on return.
  public static void makeFolder(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        syncParent(folder);
      }
    } catch (IOException e) {
      throw StoreException.of(folder, e);
    }
  }

  private static void syncParent(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      return; // the root of the file system is there already
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
