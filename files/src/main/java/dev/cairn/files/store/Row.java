package dev.cairn.files.store;

import dev.cairn.multiformats.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// What the index knows of a block. Written as a tag, the stamp (8 bytes), the size (4), the
/// CRC-32C (4) and what the kind needs behind it.
sealed interface Row {

  /// When it was put last, in the store's own time (microseconds that never go back).
  long stamp();

  /// Content in bytes.
  int size();

  /// CRC-32C of the content: finds damage on disk at ten times the speed of a hash. (Content is
  /// compared with its hash before it comes here, and by `verify`.)
  int crc();

  Row stamped(long stamp);

  /// The content is in the index itself: for small blocks, for which a file costs more than it
  /// holds.
  record Inline(long stamp, int crc, Content content) implements Row {
    @Override
    public int size() {
      return content.bytes.length;
    }

    @Override
    public Inline stamped(long fresh) {
      return new Inline(fresh, crc, content);
    }
  }

  /// The content is a file of the store, named by the multihash.
  record Flat(long stamp, int size, int crc) implements Row {
    @Override
    public Flat stamped(long fresh) {
      return new Flat(fresh, size, crc);
    }
  }

  /// The content is a range of a file of the user's.
  ///
  /// @param modified of the file when it was added, in milliseconds: while it is the same the block
  ///   counts as here without being read
  record Place(long stamp, int size, int crc, Path file, long offset, long modified)
      implements Row {
    @Override
    public Place stamped(long fresh) {
      return new Place(fresh, size, crc, file, offset, modified);
    }
  }

  /// Bytes that are shared and only read.
  final class Content {
    private final byte[] bytes;

    Content(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  byte TAG_INLINE = 1;
  byte TAG_FLAT = 2;
  byte TAG_PLACE = 3;
  int HEAD_BYTES = 1 + Long.BYTES + 2 * Integer.BYTES;

  default byte[] encode() {
    byte[] rest =
        switch (this) {
          case Inline inline -> inline.content.bytes;
          case Flat _ -> new byte[0];
          case Place place -> {
            byte[] path = place.file.toString().getBytes(StandardCharsets.UTF_8);
            yield ByteBuffer.allocate(2 * Long.BYTES + path.length)
                .putLong(place.offset)
                .putLong(place.modified)
                .put(path)
                .array();
          }
        };
    byte tag =
        switch (this) {
          case Inline _ -> TAG_INLINE;
          case Flat _ -> TAG_FLAT;
          case Place _ -> TAG_PLACE;
        };
    return ByteBuffer.allocate(HEAD_BYTES + rest.length)
        .put(tag)
        .putLong(stamp())
        .putInt(size())
        .putInt(crc())
        .put(rest)
        .array();
  }

  static Row decode(byte[] bytes) {
    if (bytes.length < HEAD_BYTES) {
      throw new MalformedException("a row of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte tag = in.get();
    long stamp = in.getLong();
    int size = in.getInt();
    int crc = in.getInt();
    byte[] rest = Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length);
    if (tag == TAG_INLINE && rest.length == size) {
      return new Inline(stamp, crc, new Content(rest));
    }
    if (tag == TAG_FLAT && rest.length == 0 && size >= 0) {
      return new Flat(stamp, size, crc);
    }
    if (tag == TAG_PLACE && rest.length > 2 * Long.BYTES && size >= 0) {
      String path =
          new String(rest, 2 * Long.BYTES, rest.length - 2 * Long.BYTES, StandardCharsets.UTF_8);
      ByteBuffer at = ByteBuffer.wrap(rest);
      return new Place(stamp, size, crc, Path.of(path), at.getLong(), at.getLong());
    }
    throw new MalformedException("a row of an unknown kind " + tag);
  }
}
