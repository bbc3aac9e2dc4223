package dev.cairn.core.transaction;

import dev.cairn.core.state.RecordEntry;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.OptionalLong;

/// Deletes one of the sender's records, which must exist: `[3, name, expected]`. It leaves a
/// tombstone that carries the next version number.
///
/// @param expected as in [Put]
public record Delete(String name, OptionalLong expected) implements Payload {

  public static final int TAG = 3;

  public Delete {
    RecordEntry.checkName(name);
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(3).uint(TAG).text(name);
    writeExpected(writer, expected);
  }

  static void writeExpected(CborWriter writer, OptionalLong expected) {
    expected.ifPresentOrElse(writer::uint, writer::nul);
  }

  static OptionalLong readExpected(CborReader reader) {
    return reader.tryNull() ? OptionalLong.empty() : OptionalLong.of(reader.uint());
  }
}
