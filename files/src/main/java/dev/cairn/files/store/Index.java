package dev.cairn.files.store;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import dev.cairn.storage.StoreParams;
import dev.cairn.storage.rocks.Codec;
import dev.cairn.storage.rocks.Column;
import dev.cairn.storage.rocks.Rocks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Rows of blocks by multihash, pins by CID, and what the rows add up to, in RocksDB: it has
/// checksums of its own, small values cost little in it, and the project has it already. A change
/// here is a change of the store's format ([FileStore#FORMAT]).
final class Index implements AutoCloseable {

  /// A row with its key.
  record Entry(Multihash hash, Row row) {}

  private static final Codec<byte[]> RAW = new Codec<>(bytes -> bytes, bytes -> bytes);
  static final Column<byte[], Row> BLOCKS =
      new Column<>("blocks", RAW, new Codec<>(Row::encode, Row::decode));
  static final Column<Cid, Pin> PINS =
      new Column<>(
          "pins", new Codec<>(Cid::encode, Cid::decode), new Codec<>(Index::encode, Index::pin));
  static final Column<byte[], Usage> USAGE =
      new Column<>("usage", RAW, new Codec<>(Usage::encode, Usage::decode));
  static final byte[] USAGE_KEY = "all".getBytes(StandardCharsets.US_ASCII);

  private final Rocks rocks;

  private Index(Rocks rocks) {
    this.rocks = rocks;
  }

  static Index open(Path folder, StoreParams params) {
    return new Index(Rocks.open(folder, List.of(BLOCKS, PINS, USAGE), params));
  }

  Rocks rocks() {
    return rocks;
  }

  Optional<Row> row(Multihash hash) {
    return rocks.get(BLOCKS, hash.encode());
  }

  Usage usage() {
    return rocks.get(USAGE, USAGE_KEY).orElse(Usage.NONE);
  }

  List<Pin> pins() {
    List<Pin> pins = new ArrayList<>();
    // The least CID there can be: 01 and three zeros; those of version 0 start with 12.
    rocks.scan(
        PINS, Cid.of(0, Multihash.of(Multihash.IDENTITY, new byte[0])), (_, pin) -> pins.add(pin));
    return pins;
  }

  /// Up to `max` rows behind a key (all bytes, in their order); from the start for an empty one.
  List<Entry> page(byte[] after, int max) {
    List<Entry> page = new ArrayList<>();
    byte[] from = Arrays.copyOf(after, after.length + 1); // the next key there can be
    rocks.scan(
        BLOCKS,
        after.length == 0 ? after : from,
        (key, row) -> {
          page.add(new Entry(Multihash.decode(key), row));
          return page.size() < max;
        });
    return page;
  }

  private static byte[] encode(Pin pin) {
    byte[] cid = pin.cid().encode();
    byte[] name = pin.name().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + 1 + cid.length + name.length)
        .putLong(pin.since().toEpochMilli())
        .put((byte) cid.length)
        .put(cid)
        .put(name)
        .array();
  }

  private static Pin pin(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length <= Long.BYTES || (bytes[Long.BYTES] & 0xff) >= bytes.length - Long.BYTES) {
      throw new MalformedException("a pin of " + bytes.length + " bytes");
    }
    Instant since = Instant.ofEpochMilli(in.getLong());
    byte[] cid = new byte[in.get() & 0xff];
    in.get(cid);
    byte[] name = new byte[in.remaining()];
    in.get(name);
    return new Pin(Cid.decode(cid), new String(name, StandardCharsets.UTF_8), since);
  }

  @Override
  public void close() {
    rocks.close();
  }
}
