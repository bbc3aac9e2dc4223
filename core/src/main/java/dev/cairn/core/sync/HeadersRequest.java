package dev.cairn.core.sync;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// Asks for headers of final blocks in order of height: `[3, from, count]`.
///
/// @param from height of the first header, at least 1
/// @param count how many headers at most, 1 to [#COUNT_MAX]
public record HeadersRequest(long from, int count) implements BlocksRequest {

  public static final int COUNT_MAX = 512;

  static final long KIND = 3;

  /// @throws MalformedException when it is no range
  public HeadersRequest {
    if (from < 1 || from > Long.MAX_VALUE - COUNT_MAX || count < 1 || count > COUNT_MAX) {
      throw new MalformedException("a request for " + count + " headers from height " + from);
    }
  }

  /// The height of the last header asked for.
  public long last() {
    return from + count - 1;
  }

  @Override
  public byte[] encode() {
    return new CborWriter().array(3).uint(KIND).uint(from).uint(count).toBytes();
  }

  static HeadersRequest read(CborReader reader) {
    return new HeadersRequest(reader.uint(), (int) reader.uint(COUNT_MAX));
  }
}
