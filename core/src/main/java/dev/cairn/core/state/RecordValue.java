package dev.cairn.core.state;

import dev.cairn.core.SharedBytes;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// What a record holds: bytes, or a link to something kept elsewhere.
public sealed interface RecordValue {

  record Inline(Bytes bytes) implements RecordValue {}

  record Link(Cid cid) implements RecordValue {}

  default void write(CborWriter writer) {
    switch (this) {
      case Inline(Bytes bytes) -> writer.bytes(bytes.toArrayUnsafe());
      case Link(Cid cid) -> writer.link(cid);
    }
  }

  /// Bytes that [#write] writes.
  default int size() {
    return switch (this) {
      case Inline(Bytes bytes) -> CborWriter.bytesSize(bytes.size());
      case Link(Cid cid) -> CborWriter.linkSize(cid);
    };
  }

  /// Inline bytes stay where they lie, in the array that the reader reads.
  ///
  /// @param bytesMax the most that inline bytes may count
  /// @throws MalformedException when the next item is neither bytes nor a link
  static RecordValue read(CborReader reader, int bytesMax) {
    return switch (reader.peek()) {
      case BYTES -> new Inline(SharedBytes.of(reader.bytesSlice(bytesMax)));
      case LINK -> new Link(reader.link());
      default -> throw new MalformedException("a record's value is bytes or a link");
    };
  }
}
