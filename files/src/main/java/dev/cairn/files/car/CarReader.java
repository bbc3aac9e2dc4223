package dev.cairn.files.car;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import dev.cairn.multiformats.Varint;
import dev.cairn.multiformats.cbor.CborReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Reads a CARv1 (IPLD's content addressable archives), or the one within a CARv2, from a stream.
/// Every block is checked against its CID; what is read before an archive turns out to be damaged
/// or cut short is good. Used by one thread.
public final class CarReader {

  /// The longest header, in bytes.
  public static final int HEADER_BYTES_MAX = 1 << 20;

  /// The most roots of an archive.
  public static final int ROOTS_MAX = 10_000;

  /// The longest section: a CID and a block.
  public static final int SECTION_BYTES_MAX = Cid.BYTES_MAX + Block.BYTES_MAX;

  private static final int V2_HEADER_BYTES = 40;

  /// Bytes before a CARv2's header: the length, and the map `{"version": 2}`.
  private static final int V2_PRAGMA_BYTES = 11;

  private static final int MAP_OF_ONE = 0xa1;
  private static final int MAP_OF_TWO = 0xa2;

  private final InputStream in;
  private final List<Cid> roots;

  /// Bytes of the archive that are still to come, where a CARv2 says how long it is.
  private long left = Long.MAX_VALUE;

  private record Header(long version, List<Cid> roots) {}

  /// Reads the header; the stream is not closed by this class.
  ///
  /// @throws CarException when it is not that of an archive
  /// @throws IOException from the stream
  public CarReader(InputStream in) throws IOException {
    this.in = in;
    Header header = header();
    if (header.version == 2) {
      enter();
      header = header();
    }
    if (header.version != 1) {
      throw new CarException("an archive of version " + header.version + ", not 1 or 2");
    }
    this.roots = header.roots;
  }

  /// As the header names them; whether they are in the archive shows when it is read.
  public List<Cid> roots() {
    return roots;
  }

  /// The next block, checked against its CID; empty at the end of the archive.
  ///
  /// @throws CarException when the section is damaged, cut short or over a limit
  /// @throws IOException from the stream
  public Optional<Block> next() throws IOException {
    return next(byte[]::new);
  }

  /// The same with content in an array from `arrays`, to be given back when nobody has it any more.
  public Optional<Block> next(BlockArrays arrays) throws IOException {
    return next(arrays::take);
  }

  private Optional<Block> next(IntFunction<byte[]> room) throws IOException {
    long length = length(SECTION_BYTES_MAX, "a section");
    if (length < 0) {
      return Optional.empty();
    }
    byte[] start = exactly((int) Math.min(length, Cid.BYTES_MAX), "a section");
    try {
      int cidBytes = cidBytes(ByteBuffer.wrap(start));
      Cid cid = Cid.decode(start, 0, cidBytes);
      byte[] content = room.apply((int) length - cidBytes);
      int begun = start.length - cidBytes;
      System.arraycopy(start, cidBytes, content, 0, begun);
      fill(content, begun);
      return Optional.of(Block.verify(cid, content));
    } catch (MalformedException e) {
      throw new CarException("the archive is damaged: " + e.getMessage(), e);
    }
  }

  private void fill(byte[] content, int from) throws IOException {
    int wanted = content.length - from;
    int got = in.readNBytes(content, from, wanted);
    if (got < wanted) {
      throw new CarException(
          "the archive is cut short: "
              + wanted
              + " bytes of a block are missing, "
              + got
              + " came");
    }
    left -= wanted;
  }

  private static int cidBytes(ByteBuffer section) {
    int size = 2 + Cid.DIGEST_BYTES;
    if (section.remaining() >= size && section.get(0) == Multihash.SHA2_256) {
      return size; // version 0: a bare multihash
    }
    long version = Varint.read(section);
    if (version != 1) {
      throw new MalformedException("a CID of version " + version);
    }
    long codec = Varint.read(section);
    Multihash hash = Multihash.decode(section);
    return 1 + Varint.sizeOf(codec) + hash.size();
  }

  private Header header() throws IOException {
    long length = length(HEADER_BYTES_MAX, "the header");
    if (length < 1) {
      throw new CarException("not a CAR archive: it has no header");
    }
    byte[] header = exactly((int) length, "the header");
    try {
      return parse(header);
    } catch (MalformedException e) {
      throw new CarException("not a CAR archive: " + e.getMessage(), e);
    }
  }

  private static Header parse(byte[] header) {
    int entries = (header[0] & 0xff) - MAP_OF_ONE + 1;
    if (entries < 1 || (header[0] & 0xff) > MAP_OF_TWO) {
      throw new MalformedException("the header is not a map of roots and version");
    }
    CborReader reader = new CborReader(header, 1, header.length - 1);
    long version = -1;
    List<Cid> roots = List.of();
    for (int i = 0; i < entries; i++) {
      switch (reader.text(16)) {
        case "version" -> version = reader.uint();
        case "roots" -> {
          int count = reader.array();
          if (count > ROOTS_MAX) {
            throw new MalformedException(count + " roots, over " + ROOTS_MAX);
          }
          List<Cid> found = new ArrayList<>(count);
          for (int root = 0; root < count; root++) {
            found.add(reader.link());
          }
          roots = List.copyOf(found);
        }
        default -> throw new MalformedException("the header has an unknown entry");
      }
    }
    reader.end();
    return new Header(version, roots);
  }

  /// Goes from the pragma of a CARv2 to the archive within.
  private void enter() throws IOException {
    ByteBuffer v2 =
        ByteBuffer.wrap(exactly(V2_HEADER_BYTES, "the header")).order(ByteOrder.LITTLE_ENDIAN);
    long offset = v2.getLong(16);
    long size = v2.getLong(24);
    long gap = offset - V2_PRAGMA_BYTES - V2_HEADER_BYTES;
    if (gap < 0 || size < 1) {
      throw new CarException("the archive is damaged: its inner part lies nowhere");
    }
    try {
      in.skipNBytes(gap);
    } catch (EOFException e) {
      throw new CarException("the archive is cut short", e);
    }
    left = size;
  }

  /// A length of what follows; -1 at the end of the archive.
  private long length(int max, String what) throws IOException {
    if (left == 0) {
      return -1;
    }
    try {
      long length = Varint.read(in);
      left -= Varint.sizeOf(length);
      if (length < 1 || length > max || length > left) {
        throw new CarException(what + " of " + length + " bytes: the archive is damaged");
      }
      return length;
    } catch (EOFException e) {
      if (left < Long.MAX_VALUE / 2) {
        throw new CarException("the archive is cut short", e);
      }
      return -1;
    } catch (MalformedException e) {
      throw new CarException("the archive is damaged or cut short: " + e.getMessage(), e);
    }
  }

  private byte[] exactly(int length, String what) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new CarException(
          "the archive is cut short: " + what + " of " + length + " bytes has " + bytes.length);
    }
    left -= length;
    return bytes;
  }
}
