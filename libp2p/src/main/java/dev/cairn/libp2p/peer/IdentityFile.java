package dev.cairn.libp2p.peer;

import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The identity on disk: the private-key protobuf of libp2p (kind 1, then seed and public key), so
/// that other tools can read it. The public half makes a damaged seed show.
final class IdentityFile {

  private static final int TYPE_ED25519 = 1;
  private static final int FILE_BYTES_MAX = 128;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private IdentityFile() {}

  static Identity loadOrCreate(Path file, SecureRandom random) throws IOException {
    try {
      if (!Files.exists(file)) {
        create(file, Identity.generate(random));
      }
      return load(file);
    } catch (NoSuchFileException e) {
      throw new IOException("the folder for the identity file " + file + " is missing", e);
    } catch (FileSystemException e) {
      throw new IOException("cannot use the identity file " + file + ": " + reason(e), e);
    }
  }

  private static String reason(FileSystemException e) {
    String reason = e.getReason();
    return reason != null ? reason : e.getClass().getSimpleName();
  }

  private static Identity load(Path file) throws IOException {
    requireOwnerOnly(file);
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw damaged(file, "it is too long", null);
    }
    byte[] encoded = Files.readAllBytes(file);
    try {
      return Identity.of(decode(encoded));
    } catch (MalformedException e) {
      throw damaged(file, e.getMessage(), e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static IOException damaged(Path file, @Nullable String what, @Nullable Throwable cause) {
    return new IOException("the identity file " + file + " is damaged: " + what, cause);
  }

  private static void requireOwnerOnly(Path file) throws IOException {
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    open.removeAll(OWNER_ONLY);
    open.remove(PosixFilePermission.OWNER_EXECUTE);
    if (!open.isEmpty()) {
      throw new IOException(
          "the identity file " + file + " is open to other users: run chmod 600 on it");
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// Writes beside the file, syncs, and moves it into place, so that no crash leaves half a key.
  private static void create(Path file, Identity identity) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    FileAttribute<?>[] attributes =
        isPosix(file.toAbsolutePath())
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer encoded = ByteBuffer.wrap(encode(identity.key()));
      while (encoded.hasRemaining()) {
        channel.write(encoded);
      }
      channel.force(true);
    }
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file);
    } catch (FileAlreadyExistsException e) {
      Files.deleteIfExists(fresh);
    }
  }

  private static byte[] encode(Ed25519Key key) {
    byte[] both = Arrays.copyOf(key.seed(), Ed25519.SEED_BYTES + Ed25519.PUBLIC_KEY_BYTES);
    System.arraycopy(key.publicKey(), 0, both, Ed25519.SEED_BYTES, Ed25519.PUBLIC_KEY_BYTES);
    return new ProtobufWriter().varint(1, TYPE_ED25519).bytes(2, both).toBytes();
  }

  private static Ed25519Key decode(byte[] encoded) {
    ProtobufReader reader = new ProtobufReader(encoded);
    long type = -1;
    byte[] both = {};
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> type = reader.varint();
        case 2 -> both = reader.bytes(FILE_BYTES_MAX);
        default -> throw new MalformedException("unknown field " + reader.field());
      }
    }
    if (type != TYPE_ED25519) {
      throw new MalformedException("it does not hold an Ed25519 key");
    }
    if (both.length != Ed25519.SEED_BYTES + Ed25519.PUBLIC_KEY_BYTES) {
      throw new MalformedException("the key has " + both.length + " bytes instead of 64");
    }
    Ed25519Key key = Ed25519Key.fromSeed(Arrays.copyOf(both, Ed25519.SEED_BYTES));
    if (!Arrays.equals(
        key.publicKey(), Arrays.copyOfRange(both, Ed25519.SEED_BYTES, both.length))) {
      throw new MalformedException("its two halves do not belong together");
    }
    if (!Arrays.equals(encode(key), encoded)) {
      throw new MalformedException("it has bytes that do not belong there");
    }
    return key;
  }
}
