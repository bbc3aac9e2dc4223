package dev.cairn.core.peer;

import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;

/// What the topic `tx` carries: a list of transactions (spec/sync.md, "Transactions message").
public final class TransactionsMessage {

  /// Bytes of one message.
  public static final int BYTES_MAX = 65_536;

  /// The bytes that the list itself takes at most.
  static final int ENVELOPE_BYTES = 5;

  private TransactionsMessage() {}

  public static byte[] encode(List<Transaction> transactions) {
    int bytes = CborWriter.uintSize(transactions.size());
    for (Transaction transaction : transactions) {
      bytes += transaction.size();
    }
    CborWriter writer = new CborWriter(bytes).array(transactions.size());
    for (Transaction transaction : transactions) {
      transaction.write(writer);
    }
    return writer.toBytes();
  }

  /// @throws MalformedException when it is too long, empty, or one item is not a transaction
  public static List<Transaction> decode(byte[] message) {
    if (message.length > BYTES_MAX) {
      throw new MalformedException("transactions message of " + message.length + " bytes");
    }
    CborReader reader = new CborReader(message);
    int count = reader.array();
    if (count == 0) {
      throw new MalformedException("a transactions message without transactions");
    }
    List<Transaction> transactions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Each has an array of its own: one that waits long would keep the whole message alive.
      transactions.add(Transaction.decode(reader.item().copy()));
    }
    reader.end();
    return transactions;
  }
}
