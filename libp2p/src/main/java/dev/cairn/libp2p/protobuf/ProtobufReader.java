package dev.cairn.libp2p.protobuf;

import dev.cairn.multiformats.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the fields of one protobuf message in the order in which they arrived.
///
/// `while (reader.next()) { switch (reader.field()) { case 1 -> a = reader.bytes(64); ... } }`. A
/// field that the loop does not read is skipped by the following [#next], which is what protobuf
/// asks for unknown fields. Whatever is malformed (a length past the end, a group, field number 0,
/// a wire type other than the one asked for) throws [MalformedException], and nothing else does.
/// Nothing is allocated before the bytes for it are known to be there.
///
/// One thread at a time. The array is shared with the caller and must not change meanwhile.
public final class ProtobufReader {

  public static final int WIRE_VARINT = 0;
  public static final int WIRE_FIXED64 = 1;
  public static final int WIRE_BYTES = 2;
  public static final int WIRE_FIXED32 = 5;

  /// The longest protobuf varint, in bytes: 64 bits in groups of 7.
  public static final int VARINT_BYTES_MAX = 10;

  /// The largest field number that protobuf allows.
  public static final int FIELD_MAX = (1 << 29) - 1;

  private final byte[] data;
  private final int end;
  private int position;
  private int field;
  private int wireType;
  private boolean unread;

  public ProtobufReader(byte[] data) {
    this(data, 0, data.length);
  }

  public ProtobufReader(byte[] data, int offset, int length) {
    if (offset < 0 || length < 0 || offset > data.length - length) {
      throw new IndexOutOfBoundsException(offset + "+" + length + " of " + data.length);
    }
    this.data = data;
    this.position = offset;
    this.end = offset + length;
  }

  /// Moves to the next field, over the value of the present one if it was not read; false at the
  /// end of the message.
  public boolean next() {
    if (unread) {
      skip();
    }
    if (position == end) {
      return false;
    }
    long key = rawVarint();
    long number = key >>> 3;
    if (number < 1 || number > FIELD_MAX) {
      throw new MalformedException("protobuf field number " + number);
    }
    field = (int) number;
    wireType = (int) (key & 7);
    if (wireType != WIRE_VARINT
        && wireType != WIRE_FIXED64
        && wireType != WIRE_BYTES
        && wireType != WIRE_FIXED32) {
      throw new MalformedException("protobuf wire type " + wireType);
    }
    unread = true;
    return true;
  }

  /// The number of the present field, from 1.
  public int field() {
    return field;
  }

  /// The wire type of the present field: one of the `WIRE_` constants.
  public int wireType() {
    return wireType;
  }

  /// The present field as a varint: all 64 bits as they came.
  public long varint() {
    take(WIRE_VARINT);
    return rawVarint();
  }

  /// The present field as an unsigned integer of at most `max`.
  public long varint(long max) {
    long value = varint();
    if (value < 0 || value > max) {
      throw new MalformedException(
          "protobuf field " + field + " is " + Long.toUnsignedString(value) + ", over " + max);
    }
    return value;
  }

  public boolean bool() {
    return varint() != 0;
  }

  public long fixed64() {
    take(WIRE_FIXED64);
    require(Long.BYTES);
    long value = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      value = value << 8 | (data[position + i] & 0xFF);
    }
    position += Long.BYTES;
    return value;
  }

  public int fixed32() {
    take(WIRE_FIXED32);
    require(Integer.BYTES);
    int value = 0;
    for (int i = Integer.BYTES - 1; i >= 0; i--) {
      value = value << 8 | (data[position + i] & 0xFF);
    }
    position += Integer.BYTES;
    return value;
  }

  /// A copy of the present field's bytes, which may be at most `max` long.
  public byte[] bytes(int max) {
    int length = length(max);
    byte[] value = Arrays.copyOfRange(data, position, position + length);
    position += length;
    return value;
  }

  /// The present field as text, which must be valid UTF-8 of at most `bytesMax` bytes.
  public String text(int bytesMax) {
    int length = length(bytesMax);
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(data, position, length))
              .toString();
      position += length;
      return text;
    } catch (CharacterCodingException e) {
      throw new MalformedException("protobuf field " + field + " is not UTF-8");
    }
  }

  /// The present field as a nested message, without a copy.
  public ProtobufReader message() {
    return message(Integer.MAX_VALUE);
  }

  /// The present field as a nested message of at most `bytesMax` bytes, without a copy.
  public ProtobufReader message(int bytesMax) {
    int length = length(bytesMax);
    ProtobufReader nested = new ProtobufReader(data, position, length);
    position += length;
    return nested;
  }

  /// Passes over the present field's value.
  public void skip() {
    switch (wireType) {
      case WIRE_VARINT -> varint();
      case WIRE_FIXED64 -> fixed64();
      case WIRE_FIXED32 -> fixed32();
      default -> {
        // In two steps: `position += length()` would read position before length() has moved it.
        int length = length(Integer.MAX_VALUE);
        position += length;
      }
    }
  }

  /// Where the next unread byte is in the array.
  public int offset() {
    return position;
  }

  /// The bytes of this message that have not been read.
  public int remaining() {
    return end - position;
  }

  private int length(int max) {
    take(WIRE_BYTES);
    long length = rawVarint();
    if (length < 0 || length > end - position) {
      throw new MalformedException("protobuf field " + field + " is longer than its message");
    }
    if (length > max) {
      throw new MalformedException(
          "protobuf field " + field + " has " + length + " bytes, over " + max);
    }
    return (int) length;
  }

  private void take(int expected) {
    if (!unread) {
      throw new IllegalStateException("no protobuf field to read: call next first");
    }
    if (wireType != expected) {
      throw new MalformedException(
          "protobuf field " + field + " has wire type " + wireType + ", not " + expected);
    }
    unread = false;
  }

  private void require(int bytes) {
    if (end - position < bytes) {
      throw new MalformedException("protobuf message is cut short");
    }
  }

  private long rawVarint() {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      require(1);
      byte b = data[position++];
      if (i == VARINT_BYTES_MAX - 1 && (b & 0xFE) != 0) {
        break;
      }
      value |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedException("protobuf varint is over 64 bits");
  }
}
