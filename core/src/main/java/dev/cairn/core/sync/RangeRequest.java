package dev.cairn.core.sync;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// Asks for final blocks in order of height: `[1, from, count]`.
///
/// @param from height of the first block, at least 1: everybody has the genesis
/// @param count how many blocks at most, 1 to [#COUNT_MAX]
public record RangeRequest(long from, int count) implements BlocksRequest {

  public static final int COUNT_MAX = 64;

  static final long KIND = 1;

  /// @throws MalformedException when it is no range
  public RangeRequest {
    if (from < 1 || from > Long.MAX_VALUE - COUNT_MAX || count < 1 || count > COUNT_MAX) {
      throw new MalformedException("a request for " + count + " blocks from height " + from);
    }
  }

  /// The height of the last block asked for.
  public long last() {
    return from + count - 1;
  }

  @Override
  public byte[] encode() {
    return new CborWriter().array(3).uint(KIND).uint(from).uint(count).toBytes();
  }

  static RangeRequest read(CborReader reader) {
    return new RangeRequest(reader.uint(), (int) reader.uint(COUNT_MAX));
  }
}
