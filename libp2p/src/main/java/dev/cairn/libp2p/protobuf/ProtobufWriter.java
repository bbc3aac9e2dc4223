package dev.cairn.libp2p.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the fields of one protobuf message in the order of the calls, each integer in its
/// shortest form. Called in field order it gives the deterministic encoding that libp2p keys need.
///
/// Every method but the last ones returns this writer. One thread at a time.
public final class ProtobufWriter {

  private static final int INITIAL_BYTES = 64;

  private byte[] data;
  private int size;

  public ProtobufWriter() {
    this(INITIAL_BYTES);
  }

  /// @param expectedBytes the size of the message where it is known, to save copies
  public ProtobufWriter(int expectedBytes) {
    data = new byte[Math.max(expectedBytes, 16)];
  }

  /// The bytes that a varint takes, 1 to 10.
  public static int sizeOfVarint(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }

  /// The bytes that a length-delimited field takes with its key and length.
  public static int sizeOfBytes(int field, int length) {
    return sizeOfVarint((long) field << 3) + sizeOfVarint(length) + length;
  }

  public ProtobufWriter varint(int field, long value) {
    key(field, ProtobufReader.WIRE_VARINT);
    raw(value);
    return this;
  }

  public ProtobufWriter bool(int field, boolean value) {
    return varint(field, value ? 1 : 0);
  }

  public ProtobufWriter bytes(int field, byte[] value) {
    return bytes(field, value, 0, value.length);
  }

  public ProtobufWriter bytes(int field, byte[] value, int offset, int length) {
    key(field, ProtobufReader.WIRE_BYTES);
    raw(length);
    grow(length);
    System.arraycopy(value, offset, data, size, length);
    size += length;
    return this;
  }

  public ProtobufWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public ProtobufWriter message(int field, ProtobufWriter nested) {
    return bytes(field, nested.data, 0, nested.size);
  }

  public ProtobufWriter fixed64(int field, long value) {
    key(field, ProtobufReader.WIRE_FIXED64);
    little(value, Long.BYTES);
    return this;
  }

  public ProtobufWriter fixed32(int field, int value) {
    key(field, ProtobufReader.WIRE_FIXED32);
    little(value, Integer.BYTES);
    return this;
  }

  /// Appends fields that are encoded already.
  public ProtobufWriter raw(byte[] encodedFields) {
    grow(encodedFields.length);
    System.arraycopy(encodedFields, 0, data, size, encodedFields.length);
    size += encodedFields.length;
    return this;
  }

  /// The bytes written so far.
  public int size() {
    return size;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(data, size);
  }

  /// The message behind its length as a varint, as it goes on a stream.
  public byte[] toDelimited() {
    int prefix = sizeOfVarint(size);
    byte[] framed = new byte[prefix + size];
    putVarint(framed, 0, size);
    System.arraycopy(data, 0, framed, prefix, size);
    return framed;
  }

  private void key(int field, int wireType) {
    if (field < 1 || field > ProtobufReader.FIELD_MAX) {
      throw new IllegalArgumentException("protobuf field number " + field);
    }
    raw((long) field << 3 | wireType);
  }

  private void raw(long value) {
    grow(ProtobufReader.VARINT_BYTES_MAX);
    size = putVarint(data, size, value);
  }

  private static int putVarint(byte[] target, int offset, long value) {
    int at = offset;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }

  private void little(long value, int bytes) {
    grow(bytes);
    for (int i = 0; i < bytes; i++) {
      data[size++] = (byte) (value >>> (8 * i));
    }
  }

  private void grow(int more) {
    int needed = Math.addExact(size, more);
    if (needed > data.length) {
      data = Arrays.copyOf(data, Math.max(needed, (int) Math.min(2L * data.length, 1 << 30)));
    }
  }
}
