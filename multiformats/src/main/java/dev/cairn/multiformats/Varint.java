package dev.cairn.multiformats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Unsigned varint, as in multiformats/unsigned-varint: seven bits a byte, the lowest first, the
/// top bit set on all bytes but the last; values from 0 to 2^63-1 in at most nine bytes, and only
/// in the shortest form, so that a value has one encoding.
public final class Varint {

  /// The longest encoding, in bytes.
  public static final int BYTES_MAX = 9;

  private Varint() {}

  /// Bytes that `value` takes, from 1 to [#BYTES_MAX].
  public static int sizeOf(long value) {
    requireUnsigned(value);
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  /// Writes `value` at `offset` and returns the offset after it.
  public static int write(long value, byte[] target, int offset) {
    requireUnsigned(value);
    int at = offset;
    long rest = value;
    while (rest > 0x7f) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }

  public static byte[] encode(long value) {
    byte[] bytes = new byte[sizeOf(value)];
    write(value, bytes, 0);
    return bytes;
  }

  /// Reads one varint and moves the buffer's position behind it.
  ///
  /// @throws MalformedException when it is truncated, longer than nine bytes or not the shortest
  ///   form
  public static long read(ByteBuffer source) {
    long value = 0;
    for (int i = 0; i < BYTES_MAX; i++) {
      if (!source.hasRemaining()) {
        throw truncated();
      }
      int next = source.get();
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return shortest(value, next, i);
      }
    }
    throw tooLong();
  }

  /// Reads one varint from a stream, byte by byte, and nothing behind it.
  ///
  /// @throws EOFException when the stream ends before the first byte
  /// @throws MalformedException when it is truncated, longer than nine bytes or not the shortest
  ///   form
  public static long read(InputStream source) throws IOException {
    long value = 0;
    for (int i = 0; i < BYTES_MAX; i++) {
      int next = source.read();
      if (next < 0) {
        if (i == 0) {
          throw new EOFException("the stream ended before a varint");
        }
        throw truncated();
      }
      value |= (long) (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        return shortest(value, next, i);
      }
    }
    throw tooLong();
  }

  private static long shortest(long value, int last, int index) {
    if (last == 0 && index > 0) {
      throw new MalformedException("a varint is not in its shortest form");
    }
    return value;
  }

  private static MalformedException truncated() {
    return new MalformedException("a varint is truncated");
  }

  private static MalformedException tooLong() {
    return new MalformedException("a varint is longer than " + BYTES_MAX + " bytes");
  }

  private static void requireUnsigned(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a varint holds 0 to 2^63-1, not " + value);
    }
  }
}
