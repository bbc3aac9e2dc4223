package dev.cairn.core;

import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// A range of an array as [Bytes], without a copy.
public final class SharedBytes {

  private SharedBytes() {}

  /// The range where it lies: it keeps its array alive, which must not change any more.
  public static Bytes of(Slice slice) {
    // Bytes.wrap takes no empty range at the end of an array.
    return slice.length() == 0
        ? Bytes.EMPTY
        : Bytes.wrap(slice.source(), slice.offset(), slice.length());
  }
}
