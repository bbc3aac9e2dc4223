package dev.cairn.multiformats.cbor;

import dev.cairn.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes strict DAG-CBOR into one growing array. Used by one thread.
///
/// It writes what it is told, item after item: an array is its head and then as many items as the
/// head says, and the caller keeps count.
public final class CborWriter {

  private static final int START_BYTES = 128;

  private byte[] buffer;
  private int size;

  public CborWriter() {
    this(START_BYTES);
  }

  /// For a caller that knows about how many bytes will come. One that knows it to the byte, by
  /// [#uintSize] and its like, gets them from [#toBytes] without another copy.
  public CborWriter(int sizeHint) {
    buffer = new byte[sizeHint];
  }

  /// The head of an array; its `count` items are written next.
  public CborWriter array(int count) {
    head(Wire.ARRAY, requireUnsigned(count));
    return this;
  }

  /// An unsigned integer.
  ///
  /// @throws IllegalArgumentException for a negative value
  public CborWriter uint(long value) {
    head(Wire.UINT, requireUnsigned(value));
    return this;
  }

  public CborWriter bytes(byte[] value) {
    return bytes(value, 0, value.length);
  }

  /// A byte string of a range of `source`.
  public CborWriter bytes(byte[] source, int offset, int length) {
    head(Wire.BYTES, length);
    put(source, offset, length);
    return this;
  }

  /// Text, as UTF-8.
  ///
  /// @throws IllegalArgumentException for half a surrogate pair, which has no UTF-8
  public CborWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length != value.length()) {
      requirePairs(value);
    } else {
      requireAscii(value, utf8);
    }
    head(Wire.TEXT, utf8.length);
    put(utf8, 0, utf8.length);
    return this;
  }

  public CborWriter bool(boolean value) {
    ensure(1);
    buffer[size++] = value ? Wire.TRUE : Wire.FALSE;
    return this;
  }

  public CborWriter nul() {
    ensure(1);
    buffer[size++] = Wire.NULL;
    return this;
  }

  /// A link: tag 42 around the identity multibase prefix 00 and the CID (DAG-CBOR, "Links").
  public CborWriter link(Cid cid) {
    int length = 1 + cid.size();
    ensure(linkSize(cid));
    buffer[size++] = Wire.TAG_ONE_BYTE;
    buffer[size++] = Wire.LINK_TAG;
    head(Wire.BYTES, length);
    buffer[size++] = 0;
    size = cid.write(buffer, size);
    return this;
  }

  /// An item that is encoded already, as it is.
  public CborWriter raw(byte[] encodedItem) {
    put(encodedItem, 0, encodedItem.length);
    return this;
  }

  /// An item that is encoded already, as it is.
  public CborWriter raw(Slice encodedItem) {
    put(encodedItem.source(), encodedItem.offset(), encodedItem.length());
    return this;
  }

  /// Bytes written so far.
  public int size() {
    return size;
  }

  /// All that was written, in an array that this writer does not change any more.
  public byte[] toBytes() {
    // A full array is never written to again: whatever comes next needs a larger one.
    return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
  }

  /// Bytes of an unsigned integer, or of the head of an array with so many items.
  public static int uintSize(long value) {
    if (value < Wire.ONE_BYTE) {
      return 1;
    }
    return 1 + (value < 1L << 8 ? 1 : value < 1L << 16 ? 2 : value < 1L << 32 ? 4 : 8);
  }

  /// Bytes of a byte string of so many.
  public static int bytesSize(int length) {
    return uintSize(length) + length;
  }

  /// Bytes of a link.
  public static int linkSize(Cid cid) {
    return 2 + bytesSize(1 + cid.size());
  }

  private void head(int major, long value) {
    int width = uintSize(value) - 1;
    ensure(1 + width);
    if (width == 0) {
      buffer[size++] = (byte) (major << 5 | (int) value);
      return;
    }
    // The widths 1, 2, 4 and 8 have the codes 24 to 27.
    buffer[size++] = (byte) (major << 5 | (Wire.ONE_BYTE + Integer.numberOfTrailingZeros(width)));
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
  }

  private void put(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, buffer, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      int wanted = Math.addExact(size, more);
      buffer =
          Arrays.copyOf(buffer, (int) Math.min(Math.max(wanted, 2L * size), Integer.MAX_VALUE - 8));
    }
  }

  private static long requireUnsigned(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("an unsigned integer is 0 to 2^63-1, not " + value);
    }
    return value;
  }

  /// Of as many bytes as characters: all ASCII, unless the JDK put `?` for half a pair.
  private static void requireAscii(String value, byte[] utf8) {
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] != value.charAt(i)) {
        throw halfPair();
      }
    }
  }

  private static void requirePairs(String value) {
    int i = 0;
    while (i < value.length()) {
      // Half a pair is a code point of its own, in the range of surrogates.
      int point = value.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        throw halfPair();
      }
      i += Character.charCount(point);
    }
  }

  private static IllegalArgumentException halfPair() {
    return new IllegalArgumentException("the text holds half a surrogate pair");
  }
}
