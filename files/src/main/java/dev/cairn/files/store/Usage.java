package dev.cairn.files.store;

import dev.cairn.multiformats.MalformedException;
import java.nio.ByteBuffer;

/// What the rows add up to; changes in the same batch as the rows, so that it is exact after any
/// crash.
///
/// @param bytes content that counts towards the quota
/// @param stamp the store's time: the last stamp that was given
record Usage(long blocks, long bytes, long inPlaceBlocks, long inPlaceBytes, long stamp) {

  static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  Usage with(Row row) {
    return add(row, 1);
  }

  Usage without(Row row) {
    return add(row, -1);
  }

  Usage at(long fresh) {
    return new Usage(blocks, bytes, inPlaceBlocks, inPlaceBytes, fresh);
  }

  private Usage add(Row row, int count) {
    long size = (long) count * row.size();
    return row instanceof Row.Place
        ? new Usage(blocks + count, bytes, inPlaceBlocks + count, inPlaceBytes + size, stamp)
        : new Usage(blocks + count, bytes + size, inPlaceBlocks, inPlaceBytes, stamp);
  }

  byte[] encode() {
    return ByteBuffer.allocate(5 * Long.BYTES)
        .putLong(blocks)
        .putLong(bytes)
        .putLong(inPlaceBlocks)
        .putLong(inPlaceBytes)
        .putLong(stamp)
        .array();
  }

  static Usage decode(byte[] bytes) {
    if (bytes.length != 5 * Long.BYTES) {
      throw new MalformedException("a row of usage of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Usage(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }
}
