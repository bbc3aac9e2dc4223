package dev.cairn.storage;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// How a version of a record is kept: whole, or without its value where that stands in the body of
/// the block that wrote it. A value of 1 KiB would else be written twice, and each time to the
/// database's log as well.
///
/// A row is a zero byte and the entry, or a one byte and `[height, offset, length, before, after]`:
/// the entry is `before || body[offset, offset + length] || after`, with the body of the final
/// block at that height. Rows of format 1 are the entry alone, an array in CBOR.
sealed interface VersionRow {

  record Whole(Bytes entry) implements VersionRow {}

  record Part(long height, int offset, int length, Bytes before, Bytes after)
      implements VersionRow {

    /// The entry, with its value from the block's body.
    ///
    /// @throws MalformedException when the body is too short to hold it
    Bytes entry(Bytes body) {
      if (length > body.size() - offset) {
        throw new MalformedException("bytes " + offset + " on are not in its block's body");
      }
      return Bytes.concatenate(before, body.slice(offset, length), after);
    }
  }

  byte WHOLE = 0;
  byte PART = 1;

  default byte[] encode() {
    return switch (this) {
      case Whole(Bytes entry) -> {
        byte[] row = new byte[1 + entry.size()];
        row[0] = WHOLE;
        System.arraycopy(entry.toArrayUnsafe(), 0, row, 1, entry.size());
        yield row;
      }
      case Part(long height, int offset, int length, Bytes before, Bytes after) ->
          new CborWriter()
              .raw(new byte[] {PART})
              .array(5)
              .uint(height)
              .uint(offset)
              .uint(length)
              .bytes(before.toArrayUnsafe())
              .bytes(after.toArrayUnsafe())
              .toBytes();
    };
  }

  /// @throws MalformedException when the bytes are not a row
  static VersionRow decode(byte[] row) {
    if (row.length == 0) {
      throw new MalformedException("an empty row");
    }
    return switch (row[0]) {
      case WHOLE -> new Whole(Bytes.wrap(row).slice(1));
      case PART -> part(row);
      default -> {
        if (new CborReader(row).peek() != CborReader.Type.ARRAY) {
          throw new MalformedException("a row of unknown kind " + row[0]);
        }
        yield new Whole(Bytes.wrap(row));
      }
    };
  }

  private static Part part(byte[] row) {
    CborReader reader = new CborReader(row, 1, row.length - 1);
    reader.array(5);
    long height = reader.uint();
    int offset = (int) reader.uint(Integer.MAX_VALUE);
    int length = (int) reader.uint(Integer.MAX_VALUE);
    Bytes before = Bytes.wrap(reader.bytes(row.length));
    Bytes after = Bytes.wrap(reader.bytes(row.length));
    reader.end();
    return new Part(height, offset, length, before, after);
  }
}
