package dev.cairn.core.transaction;

import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.OptionalLong;

/// Writes the next version of one of the sender's records: `[2, name, value, expected]`.
///
/// @param name as [RecordEntry#checkName] demands
/// @param expected the version that the sender believes to be the latest, 0 for a record that was
///   never written; empty when it does not matter
public record Put(String name, RecordValue value, OptionalLong expected) implements Payload {

  public static final int TAG = 2;

  public Put {
    RecordEntry.checkName(name);
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(4).uint(TAG).text(name);
    value.write(writer);
    Delete.writeExpected(writer, expected);
  }
}
