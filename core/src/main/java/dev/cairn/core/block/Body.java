package dev.cairn.core.block;

import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// The transactions of a block, inlined: `[transaction, ...]`. One IPLD block with a CID of its
/// own. Immutable.
public final class Body {

  private final byte[] encoded;
  private final Cid id;
  private final List<Transaction> transactions;

  private Body(byte[] encoded, List<Transaction> transactions) {
    this.encoded = encoded;
    this.id = Cid.hash(Cid.DAG_CBOR, encoded);
    this.transactions = List.copyOf(transactions);
  }

  public static Body of(List<Transaction> transactions) {
    int bytes = transactions.stream().mapToInt(Transaction::size).sum();
    CborWriter writer = new CborWriter(sizeOf(transactions.size(), bytes));
    writer.array(transactions.size());
    transactions.forEach(t -> t.write(writer));
    return new Body(writer.toBytes(), transactions);
  }

  /// Reads a body that fills the whole array, which must not change afterwards.
  ///
  /// @throws MalformedException when it is not one
  public static Body decode(byte[] encoded) {
    if (encoded.length > Block.BYTES_MAX) {
      throw new MalformedException("a body of " + encoded.length + " bytes is too large");
    }
    CborReader reader = new CborReader(encoded);
    int count = reader.array();
    // The count may promise far more than the bytes can hold.
    List<Transaction> transactions = new ArrayList<>(Math.min(count, encoded.length / 128 + 1));
    for (int i = 0; i < count; i++) {
      transactions.add(Transaction.read(encoded, reader));
    }
    reader.end();
    return new Body(encoded, transactions);
  }

  /// How many bytes a body with so many transactions of so many bytes in all has.
  public static int sizeOf(int count, int transactionBytes) {
    return transactionBytes + CborWriter.uintSize(count);
  }

  public Cid id() {
    return id;
  }

  public List<Transaction> transactions() {
    return transactions;
  }

  /// The ids of the transactions, in their order.
  public List<Cid> transactionIds() {
    return transactions.stream().map(Transaction::id).toList();
  }

  public Bytes encoded() {
    return Bytes.wrap(encoded);
  }

  public int size() {
    return encoded.length;
  }
}
