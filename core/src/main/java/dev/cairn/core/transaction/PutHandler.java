package dev.cairn.core.transaction;

import dev.cairn.core.Verdict;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateWriter;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;

/// Writes the next version of a record.
public final class PutHandler implements TransactionHandler {

  /// For the service loader.
  public PutHandler() {}

  @Override
  public int tag() {
    return Put.TAG;
  }

  @Override
  public String name() {
    return "put";
  }

  @Override
  public Payload decode(CborReader reader, int fields) {
    TransactionHandlers.expectFields(3, fields);
    String name = reader.text(RecordEntry.NAME_BYTES_MAX);
    RecordValue value = RecordValue.read(reader, RecordEntry.VALUE_BYTES_MAX);
    return new Put(name, value, Delete.readExpected(reader));
  }

  @Override
  public Verdict apply(Transaction transaction, StateWriter state, BlockContext block) {
    Put put = (Put) transaction.payload();
    return write(transaction, state, put.name(), Optional.of(put.value()), put.expected());
  }

  /// Writes a version, with a value or as a tombstone, when the expected one is the latest.
  static Verdict write(
      Transaction transaction,
      StateWriter state,
      String name,
      Optional<RecordValue> value,
      OptionalLong expected) {
    StateKey key = StateKey.record(transaction.sender(), name);
    Optional<Bytes> latest = state.get(key);
    long version = latest.map(RecordEntry::versionOf).orElse(0L);
    if (expected.isPresent() && expected.getAsLong() != version) {
      return Verdict.reject(
          "record '" + name + "' is at version " + version + ", not " + expected.getAsLong());
    }
    if (value.isEmpty() && latest.map(RecordEntry::decode).flatMap(RecordEntry::value).isEmpty()) {
      return Verdict.reject("record '" + name + "' does not exist");
    }
    state.put(
        key, new RecordEntry(transaction.sender(), version + 1, value, transaction.id()).encode());
    return Verdict.accept();
  }
}
