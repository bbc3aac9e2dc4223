package dev.cairn.storage;

import dev.cairn.core.Hash;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.storage.rocks.Codec;
import dev.cairn.storage.rocks.Column;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// What the store holds. A change here is a change of the store's format ([StoreFormat#VERSION]).
final class Schema {

  /// A header with the certificate that came with it.
  record HeaderRow(Bytes header, Bytes certificate) {}

  /// Where in the final chain a transaction is.
  record TransactionRow(long height, int index) {}

  /// A version of a record.
  record VersionKey(Bytes stateKey, long version) {}

  private static final Codec<byte[]> RAW = new Codec<>(bytes -> bytes, bytes -> bytes);
  private static final Codec<Bytes> BYTES = new Codec<>(Bytes::toArrayUnsafe, Bytes::wrap);
  private static final Codec<String> NAME =
      new Codec<>(
          name -> name.getBytes(StandardCharsets.US_ASCII),
          bytes -> new String(bytes, StandardCharsets.US_ASCII));
  private static final Codec<Cid> CID = new Codec<>(Cid::encode, Cid::decode);
  private static final Codec<Long> HEIGHT =
      new Codec<>(
          height -> ByteBuffer.allocate(Long.BYTES).putLong(height).array(),
          bytes -> sized(bytes, Long.BYTES).getLong());
  private static final Codec<HeaderRow> HEADER = new Codec<>(Schema::encode, Schema::header);
  private static final Codec<TransactionRow> TRANSACTION =
      new Codec<>(Schema::encode, Schema::transaction);
  private static final Codec<VersionKey> VERSION = new Codec<>(Schema::encode, Schema::version);
  private static final Codec<FinalHead> HEAD = new Codec<>(Schema::encode, Schema::head);

  /// The chain's id, under [#CHAIN_KEY].
  static final Column<String, byte[]> META = new Column<>("meta", NAME, RAW);

  static final String CHAIN_KEY = "chain";

  /// The last final block, under [#HEAD_KEY].
  static final Column<String, FinalHead> HEADS = new Column<>("head", NAME, HEAD);

  static final String HEAD_KEY = "final";

  static final Column<Cid, HeaderRow> HEADERS = new Column<>("headers", CID, HEADER);

  /// Bodies, under the CID of the block.
  static final Column<Cid, Bytes> BODIES = new Column<>("bodies", CID, BYTES, true);

  static final Column<Long, Cid> HEIGHTS = new Column<>("heights", HEIGHT, CID);
  static final Column<Cid, TransactionRow> TRANSACTIONS =
      new Column<>("transactions", CID, TRANSACTION);

  /// The final state's values.
  static final Column<Bytes, Bytes> STATE = new Column<>("state", BYTES, BYTES);

  /// Rows of the state's tree, by nibble path.
  static final Column<Bytes, Bytes> NODES = new Column<>("nodes", BYTES, BYTES);

  static final Column<VersionKey, VersionRow> VERSIONS =
      new Column<>("versions", VERSION, new Codec<>(VersionRow::encode, VersionRow::decode), true);

  /// What undoes a block, by height.
  static final Column<Long, Bytes> UNDO = new Column<>("undo", HEIGHT, BYTES, true);

  static final List<Column<?, ?>> ALL =
      List.of(META, HEADS, HEADERS, BODIES, HEIGHTS, TRANSACTIONS, STATE, NODES, VERSIONS, UNDO);

  private Schema() {}

  private static ByteBuffer sized(byte[] bytes, int length) {
    if (bytes.length != length) {
      throw new MalformedException("a row of " + bytes.length + " bytes, not " + length);
    }
    return ByteBuffer.wrap(bytes);
  }

  private static byte[] encode(HeaderRow row) {
    return new CborWriter()
        .array(2)
        .bytes(row.header().toArrayUnsafe())
        .bytes(row.certificate().toArrayUnsafe())
        .toBytes();
  }

  private static HeaderRow header(byte[] bytes) {
    CborReader reader = new CborReader(bytes);
    reader.array(2);
    Bytes header = Bytes.wrap(reader.bytes(bytes.length));
    Bytes certificate = Bytes.wrap(reader.bytes(bytes.length));
    reader.end();
    return new HeaderRow(header, certificate);
  }

  private static byte[] encode(TransactionRow row) {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
        .putLong(row.height())
        .putInt(row.index())
        .array();
  }

  private static TransactionRow transaction(byte[] bytes) {
    ByteBuffer in = sized(bytes, Long.BYTES + Integer.BYTES);
    return new TransactionRow(in.getLong(), in.getInt());
  }

  private static byte[] encode(VersionKey key) {
    return ByteBuffer.allocate(key.stateKey().size() + Long.BYTES)
        .put(key.stateKey().toArrayUnsafe())
        .putLong(key.version())
        .array();
  }

  private static VersionKey version(byte[] bytes) {
    int length = bytes.length - Long.BYTES;
    if (length < 0) {
      throw new MalformedException("a row key of " + bytes.length + " bytes");
    }
    long version = ByteBuffer.wrap(bytes).getLong(length);
    return new VersionKey(Bytes.wrap(Arrays.copyOf(bytes, length)), version);
  }

  static byte[] encode(FinalHead head) {
    return new CborWriter()
        .array(3)
        .link(head.block())
        .uint(head.height())
        .bytes(head.stateRoot().bytes())
        .toBytes();
  }

  static FinalHead head(byte[] bytes) {
    CborReader reader = new CborReader(bytes);
    reader.array(3);
    Cid block = reader.link();
    long height = reader.uint();
    Hash stateRoot = Hash.of(reader.bytes(Hash.BYTES));
    reader.end();
    return new FinalHead(block, height, stateRoot);
  }
}
