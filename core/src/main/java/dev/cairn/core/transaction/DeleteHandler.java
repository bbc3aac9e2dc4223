package dev.cairn.core.transaction;

import dev.cairn.core.Verdict;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.StateWriter;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.Optional;

/// Deletes a record and leaves a tombstone.
public final class DeleteHandler implements TransactionHandler {

  /// For the service loader.
  public DeleteHandler() {}

  @Override
  public int tag() {
    return Delete.TAG;
  }

  @Override
  public String name() {
    return "delete";
  }

  @Override
  public Payload decode(CborReader reader, int fields) {
    TransactionHandlers.expectFields(2, fields);
    return new Delete(reader.text(RecordEntry.NAME_BYTES_MAX), Delete.readExpected(reader));
  }

  @Override
  public Verdict apply(Transaction transaction, StateWriter state, BlockContext block) {
    Delete delete = (Delete) transaction.payload();
    return PutHandler.write(transaction, state, delete.name(), Optional.empty(), delete.expected());
  }
}
