package dev.cairn.node.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes files that only their owner may read: mode 0600 from the first byte on, whole or not at
/// all.
public final class SecretFile {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private SecretFile() {}

  /// Writes a new file, synced before it gets its name.
  ///
  /// @throws FileAlreadyExistsException when there is one already: a key is never overwritten
  public static void create(Path file, byte[] content) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path fresh = Files.createTempFile(folder, ".new", ".tmp", OWNER_ONLY);
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      moveTo(fresh, file);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void moveTo(Path fresh, Path file) throws IOException {
    try {
      Files.createLink(file, fresh); // fails when the name was taken meanwhile; a move would not
    } catch (UnsupportedOperationException | AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
