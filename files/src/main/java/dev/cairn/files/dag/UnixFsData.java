package dev.cairn.files.dag;

import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The `Data` message of UnixFS, which a dag-pb node of a file or folder carries as its data.
/// Immutable; arrays are handed out without a copy and are only read.
public final class UnixFsData {

  /// The kinds of nodes, with the numbers of the `Type` field.
  public enum Type {
    /// A deprecated leaf of a file: read, never written.
    RAW(0),
    DIRECTORY(1),
    FILE(2),
    /// Reserved; nothing is known that uses it.
    METADATA(3),
    SYMLINK(4),
    HAMT_SHARD(5);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    private static Type of(long number) {
      for (Type type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      throw new MalformedException("a UnixFS node of type " + Long.toUnsignedString(number));
    }
  }

  /// murmur3-x64-64, the one hash function of sharded directories.
  public static final long MURMUR3_X64_64 = 0x22;

  private static final int TYPE = 1;
  private static final int DATA = 2;
  private static final int FILE_SIZE = 3;
  private static final int BLOCK_SIZES = 4;
  private static final int HASH_TYPE = 5;
  private static final int FANOUT = 6;
  private static final int MODE = 7;
  private static final int MTIME = 8;
  private static final int SECONDS = 1;
  private static final int NANOS = 2;
  private static final int NANOS_MAX = 999_999_999;
  private static final int FANOUT_MAX = 1024;
  private static final byte[] NOTHING = {};
  private static final long[] NO_SIZES = {};

  private final Type type;
  private final byte[] data;
  private final long fileSize;
  private final boolean hasFileSize;
  private final long[] blockSizes;
  private final long hashType;
  private final int fanout;
  private final int mode;
  private final @Nullable Instant mtime;

  private UnixFsData(Fields fields, Type type) {
    this.type = type;
    this.data = fields.data;
    this.fileSize = Math.max(0, fields.fileSize);
    this.hasFileSize = fields.fileSize >= 0;
    this.blockSizes = fields.blockSizes;
    this.hashType = fields.hashType;
    this.fanout = fields.fanout;
    this.mode = fields.mode;
    this.mtime = fields.mtime;
  }

  /// What a message is made of, while it is read or put together; -1 for absent.
  private static final class Fields {
    private byte[] data = NOTHING;
    private long fileSize = -1;
    private long[] blockSizes = NO_SIZES;
    private int blockCount;
    private long hashType;
    private int fanout;
    private int mode = -1;
    private @Nullable Instant mtime;

    private void add(long blockSize) {
      if (blockCount == blockSizes.length) {
        blockSizes = Arrays.copyOf(blockSizes, Math.max(16, blockCount * 2));
      }
      blockSizes[blockCount++] = blockSize;
    }
  }

  /// A folder.
  public static UnixFsData directory() {
    return new UnixFsData(new Fields(), Type.DIRECTORY);
  }

  /// A file, or a part of one, with all its content inside.
  public static UnixFsData leaf(byte[] content) {
    Fields fields = new Fields();
    fields.data = content;
    fields.fileSize = content.length;
    return new UnixFsData(fields, Type.FILE);
  }

  /// A file, or a part of one, of parts.
  ///
  /// @param blockSizes content bytes below each link
  public static UnixFsData file(long[] blockSizes) {
    Fields fields = new Fields();
    fields.blockSizes = blockSizes.clone();
    fields.fileSize = Arrays.stream(blockSizes).sum();
    return new UnixFsData(fields, Type.FILE);
  }

  /// A symbolic link.
  ///
  /// @param target a path, as bytes
  public static UnixFsData symlink(byte[] target) {
    Fields fields = new Fields();
    fields.data = target;
    return new UnixFsData(fields, Type.SYMLINK);
  }

  /// A shard of a large folder.
  ///
  /// @param bitmap which buckets are filled: the last byte has buckets 0 to 7, leading zero bytes
  ///   are left out
  public static UnixFsData shard(byte[] bitmap, int fanout) {
    Fields fields = new Fields();
    fields.data = bitmap;
    fields.hashType = MURMUR3_X64_64;
    fields.fanout = fanout;
    return new UnixFsData(fields, Type.HAMT_SHARD);
  }

  /// Reads a whole message. Unknown fields are passed over, and of a field that comes twice the
  /// last one counts, as protobuf has it.
  ///
  /// @throws MalformedException for an unknown type, a size over 2^63-1, a fanout that is not a
  ///   power of two from 8 to 1,024, nanoseconds out of range
  public static UnixFsData decode(byte[] message) {
    ProtobufReader reader = new ProtobufReader(message);
    Fields fields = new Fields();
    Type type = null;
    while (reader.next()) {
      switch (reader.field()) {
        case TYPE -> type = Type.of(reader.varint());
        case DATA -> fields.data = reader.bytes(message.length);
        case FILE_SIZE -> fields.fileSize = reader.varint(Long.MAX_VALUE);
        case BLOCK_SIZES -> blockSizes(reader, fields);
        case HASH_TYPE -> fields.hashType = reader.varint(Long.MAX_VALUE);
        case FANOUT -> fields.fanout = (int) reader.varint(FANOUT_MAX);
        case MODE -> fields.mode = (int) reader.varint() & 07777;
        case MTIME -> fields.mtime = mtime(reader.message());
        default -> reader.skip();
      }
    }
    if (type == null) {
      throw new MalformedException("a UnixFS node does not say its type");
    }
    fields.blockSizes = Arrays.copyOf(fields.blockSizes, fields.blockCount);
    if (type == Type.HAMT_SHARD && (fields.fanout < 8 || Integer.bitCount(fields.fanout) != 1)) {
      throw new MalformedException("a sharded directory with a fanout of " + fields.fanout);
    }
    return new UnixFsData(fields, type);
  }

  /// Written one by one by everyone, but protobuf lets a writer pack them, so that is read too.
  private static void blockSizes(ProtobufReader reader, Fields fields) {
    if (reader.wireType() != ProtobufReader.WIRE_BYTES) {
      fields.add(reader.varint(Long.MAX_VALUE));
      return;
    }
    byte[] packed = reader.bytes(Integer.MAX_VALUE);
    long value = 0;
    int shift = 0;
    for (byte next : packed) {
      if (shift > 56) {
        throw new MalformedException("a block size over 2^63-1");
      }
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
      if (next >= 0) {
        fields.add(value);
        value = 0;
        shift = 0;
      }
    }
    if (shift != 0) {
      throw new MalformedException("the block sizes are cut short");
    }
  }

  private static Instant mtime(ProtobufReader reader) {
    long seconds = 0;
    boolean given = false;
    int nanos = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case SECONDS -> {
          seconds = reader.varint();
          given = true;
        }
        case NANOS -> {
          nanos = reader.fixed32();
          if (nanos < 1 || nanos > NANOS_MAX) {
            throw new MalformedException("a time with " + nanos + " nanoseconds");
          }
        }
        default -> reader.skip();
      }
    }
    if (!given
        || seconds < Instant.MIN.getEpochSecond()
        || seconds > Instant.MAX.getEpochSecond()) {
      throw new MalformedException("a time without seconds, or out of range");
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  /// The message, with fields in the order of their numbers and absent ones left out.
  public byte[] encode() {
    ProtobufWriter writer = new ProtobufWriter(32 + data.length + 9 * blockSizes.length);
    writer.varint(TYPE, type.number);
    if (data.length > 0) {
      writer.bytes(DATA, data);
    }
    if (hasFileSize) {
      writer.varint(FILE_SIZE, fileSize);
    }
    for (long size : blockSizes) {
      writer.varint(BLOCK_SIZES, size);
    }
    if (type == Type.HAMT_SHARD) {
      writer.varint(HASH_TYPE, hashType).varint(FANOUT, fanout);
    }
    if (mode >= 0) {
      writer.varint(MODE, mode);
    }
    if (mtime != null) {
      ProtobufWriter time = new ProtobufWriter().varint(SECONDS, mtime.getEpochSecond());
      writer.message(MTIME, mtime.getNano() == 0 ? time : time.fixed32(NANOS, mtime.getNano()));
    }
    return writer.toBytes();
  }

  public Type type() {
    return type;
  }

  /// A leaf's content, a symbolic link's target, a shard's bitmap; empty otherwise.
  public byte[] data() {
    return data;
  }

  /// What a file claims to hold, in bytes; absent where it claims nothing.
  public OptionalLong fileSize() {
    return hasFileSize ? OptionalLong.of(fileSize) : OptionalLong.empty();
  }

  /// Content bytes that each link of a file claims to hold.
  public long[] blockSizes() {
    return blockSizes;
  }

  public long hashType() {
    return hashType;
  }

  /// Of a shard: a power of two from 8 to 1,024.
  public int fanout() {
    return fanout;
  }

  /// Permissions, 0 to 07777.
  public OptionalInt mode() {
    return mode < 0 ? OptionalInt.empty() : OptionalInt.of(mode);
  }

  public Optional<Instant> mtime() {
    return Optional.ofNullable(mtime);
  }
}
