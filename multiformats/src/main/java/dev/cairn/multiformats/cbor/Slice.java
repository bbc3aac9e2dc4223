package dev.cairn.multiformats.cbor;

import java.util.Arrays;
import java.util.Objects;

/// A range of an array that arrived, not copied: what a signature covers, or an item to decode
/// later. Whoever holds one must not write to its source. Equal by content.
///
/// @param offset the first byte of the range
/// @param length bytes in the range
@SuppressWarnings(
    "ArrayRecordComponent") // The point is to share the array; equality is by content.
public record Slice(byte[] source, int offset, int length) {

  public Slice {
    Objects.checkFromIndexSize(offset, length, source.length);
  }

  /// The whole array.
  public static Slice of(byte[] source) {
    return new Slice(source, 0, source.length);
  }

  public byte[] copy() {
    return Arrays.copyOfRange(source, offset, offset + length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slice that
        && Arrays.equals(
            source, offset, offset + length, that.source, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + source[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return "Slice[" + length + " bytes at " + offset + "]";
  }
}
