package dev.cairn.storage.files;

import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A small file that remembers how far another file had come, so that a tail of that one cannot
/// vanish without a trace.
///
/// It is written after the other file is durable, in place, within one disk sector, and not synced:
/// it may lag after a power cut, and never runs ahead. What lags does no harm; what is behind it is
/// lost.
public final class Witness implements AutoCloseable {

  /// The file: magic, version, length of the content, content, zeros, CRC-32C of all before.
  private static final int FILE_BYTES = 128;

  public static final int CONTENT_BYTES_MAX = FILE_BYTES - 4 * Integer.BYTES;

  private static final int MAGIC = 0x63776974; // "cwit"
  private static final int VERSION = 1;

  private final Path path;
  private final RandomAccessFile file;

  private Witness(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /// Makes or replaces the file; durable on return.
  public static Witness create(Path path, byte[] content) {
    DurableFiles.replace(path, encode(content));
    return new Witness(path, open(path));
  }

  /// Opens the file if it is there.
  ///
  /// @throws StoreException when it is damaged
  public static Optional<Witness> openIfPresent(Path path) {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    Witness witness = new Witness(path, open(path));
    try {
      var _ = witness.read();
      return Optional.of(witness);
    } catch (StoreException e) {
      witness.close();
      throw e;
    }
  }

  private static RandomAccessFile open(Path path) {
    try {
      // Not a channel: an interrupt would close that.
      return new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
  }

  /// The content as it was last written.
  public byte[] read() {
    byte[] bytes = new byte[FILE_BYTES];
    try {
      if (file.length() != FILE_BYTES) {
        throw StoreException.damaged(path, "it has " + file.length() + " bytes");
      }
      file.seek(0);
      file.readFully(bytes);
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int magic = in.getInt();
    int version = in.getInt();
    int length = in.getInt();
    if (in.getInt(FILE_BYTES - Integer.BYTES) != checksum(bytes) || magic != MAGIC) {
      throw StoreException.damaged(path, "its checksum is wrong");
    }
    if (version != VERSION || length < 0 || length > CONTENT_BYTES_MAX) {
      throw new StoreException(path + " was written by another version of Cairn");
    }
    return Arrays.copyOfRange(bytes, in.position(), in.position() + length);
  }

  /// Overwrites the content.
  public void write(byte[] content) {
    try {
      file.seek(0);
      file.write(encode(content));
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
  }

  private static byte[] encode(byte[] content) {
    if (content.length > CONTENT_BYTES_MAX) {
      throw new IllegalArgumentException(content.length + " bytes are too many for a witness");
    }
    ByteBuffer out = ByteBuffer.allocate(FILE_BYTES);
    out.putInt(MAGIC).putInt(VERSION).putInt(content.length).put(content);
    out.putInt(FILE_BYTES - Integer.BYTES, checksum(out.array()));
    return out.array();
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, FILE_BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
  }
}
