package dev.cairn.storage.votes;

import dev.cairn.core.Hash;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.storage.StoreException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// The bytes of a vote file: a head, then frames.
///
/// Head: "cairnvot", version (u32), generation (u64), chain id (32), CRC-32C of these (u32). Frame:
/// length (u32), CRC-32C of number and length, CRC-32C of number and record, record; all
/// big-endian. The number counts the frames of the file from 0 and is not written, so that a frame
/// is only valid at its place. The length has a checksum of its own, because a wrong one looks like
/// a torn tail.
final class Frames {

  static final int HEAD_BYTES = 56;
  static final int FRAME_HEAD_BYTES = 12;

  /// How a validator whose records are lost may go on.
  static final String LOST =
      "'cairn run --votes-lost-after EPOCH:SLOT --listen-for 10m' ('cairn consensus' at another"
          + " node shows the slot)";

  private static final long MAGIC = 0x636169726e766f74L; // "cairnvot"
  private static final int VERSION = 1;

  /// What a disk writes or does not write as a whole.
  private static final int SECTOR_BYTES = 512;

  private Frames() {}

  /// Records that are not what was written: no backup can bring them back, since a validator has
  /// voted after it was made.
  static StoreException damaged(Path path, String how) {
    return new StoreException(
        path
            + " is damaged: "
            + how
            + "; a validator that forgot its votes may vote twice, so move the folder "
            + path.getParent()
            + " away and start with "
            + LOST
            + ", or with a new key in a new folder");
  }

  static byte[] head(long generation, Hash chainId) {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES);
    out.putLong(MAGIC).putInt(VERSION).putLong(generation).put(chainId.bytes());
    return out.putInt(crc(out.array(), 0, HEAD_BYTES - Integer.BYTES)).array();
  }

  static byte[] frame(long number, VoteRecord entry) {
    byte[] encoded = entry.encode();
    ByteBuffer out = ByteBuffer.allocate(FRAME_HEAD_BYTES + encoded.length);
    out.putInt(encoded.length).putInt(lengthCrc(number, encoded.length));
    return out.putInt(recordCrc(number, encoded)).put(encoded).array();
  }

  /// Where the whole frames end, how many they are, and the generation of the file.
  record Scan(long generation, long frames, long end) {}

  /// Reads a file from its head to its last whole frame.
  ///
  /// @param durable bytes from the start that are known to have been synced: nothing in them can be
  ///   torn
  /// @throws StoreException when the file is of another chain or version, or damaged
  static Scan scan(Path path, Hash chainId, long durable, Consumer<VoteRecord> sink) {
    try (FileInputStream raw = new FileInputStream(path.toFile());
        InputStream buffered = new BufferedInputStream(raw, 1 << 16);
        DataInputStream in = new DataInputStream(buffered)) {
      long size = raw.getChannel().size();
      long generation = readHead(path, in, size, chainId);
      long end = HEAD_BYTES;
      long frames = 0;
      while (end < size) {
        int read = readFrame(path, in, frames, end, size, durable, sink);
        if (read == 0) {
          break;
        }
        end += read;
        frames++;
      }
      return new Scan(generation, frames, end);
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
  }

  /// The generation that the head names.
  static long generation(Path path, Hash chainId) {
    try (DataInputStream in = new DataInputStream(new FileInputStream(path.toFile()))) {
      return readHead(path, in, Files.size(path), chainId);
    } catch (IOException e) {
      throw StoreException.of(path, e);
    }
  }

  private static long readHead(Path path, DataInputStream in, long size, Hash chainId)
      throws IOException {
    if (size < HEAD_BYTES) {
      throw damaged(path, "it has only " + size + " bytes");
    }
    ByteBuffer head = ByteBuffer.wrap(in.readNBytes(HEAD_BYTES));
    if (head.getInt(HEAD_BYTES - Integer.BYTES) != crc(head.array(), 0, HEAD_BYTES - Integer.BYTES)
        || head.getLong() != MAGIC) {
      throw damaged(path, "its first bytes are not those of a vote file");
    }
    int version = head.getInt();
    if (version != VERSION) {
      throw new StoreException(
          path + " has format " + version + ", and this version of Cairn knows only " + VERSION);
    }
    long generation = head.getLong();
    byte[] of = new byte[Hash.BYTES];
    head.get(of);
    if (!Hash.of(of).equals(chainId)) {
      throw new StoreException(path + " holds the votes of another chain");
    }
    return generation;
  }

  /// Bytes of the frame, or 0 when it is a torn tail.
  private static int readFrame(
      Path path,
      DataInputStream in,
      long number,
      long at,
      long size,
      long durable,
      Consumer<VoteRecord> sink)
      throws IOException {
    byte[] head = in.readNBytes((int) Math.min(FRAME_HEAD_BYTES, size - at));
    if (head.length < FRAME_HEAD_BYTES) {
      return torn(path, number, at, durable, true);
    }
    ByteBuffer fields = ByteBuffer.wrap(head);
    int length = fields.getInt();
    if (fields.getInt() != lengthCrc(number, length)) {
      byte[] rest = in.readNBytes(VoteRecord.BYTES_MAX);
      return torn(path, number, at, durable, hasEmptySector(at, head, rest));
    }
    if (length < 0 || length > VoteRecord.BYTES_MAX) {
      throw damaged(path, "record " + number + " has " + length + " bytes");
    }
    byte[] encoded = in.readNBytes((int) Math.min(length, size - at - FRAME_HEAD_BYTES));
    if (encoded.length < length) {
      return torn(path, number, at, durable, true);
    }
    if (fields.getInt() != recordCrc(number, encoded)) {
      boolean last = at + FRAME_HEAD_BYTES + length == size;
      return torn(path, number, at, durable, last && hasEmptySector(at, head, encoded));
    }
    try {
      sink.accept(VoteRecord.decode(encoded));
    } catch (MalformedException e) {
      throw damaged(path, "record " + number + " is no vote: " + e.getMessage());
    }
    return FRAME_HEAD_BYTES + length;
  }

  /// A tail is torn when a crash explains it: it was never synced, and it is short or lacks
  /// sectors.
  private static int torn(Path path, long number, long at, long durable, boolean explained) {
    if (!explained || at < durable) {
      throw damaged(path, "record " + number + " at byte " + at + " is not what was written");
    }
    return 0;
  }

  /// Whether a whole sector of the frame (cut at the frame's ends) is zeros: the length of the file
  /// was durable before its bytes were.
  private static boolean hasEmptySector(long at, byte[] head, byte[] rest) {
    byte[] frame = Arrays.copyOf(head, head.length + rest.length);
    System.arraycopy(rest, 0, frame, head.length, rest.length);
    int start = 0;
    while (start < frame.length) {
      int end = (int) Math.min(frame.length, start + SECTOR_BYTES - (at + start) % SECTOR_BYTES);
      boolean empty = true;
      for (int i = start; i < end && empty; i++) {
        empty = frame[i] == 0;
      }
      if (empty) {
        return true;
      }
      start = end;
    }
    return false;
  }

  private static int lengthCrc(long number, int length) {
    byte[] bytes = ByteBuffer.allocate(12).putLong(number).putInt(length).array();
    return crc(bytes, 0, bytes.length);
  }

  private static int recordCrc(long number, byte[] encoded) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    crc.update(encoded, 0, encoded.length);
    return (int) crc.getValue();
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
