package dev.cairn.multiformats.cbor;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// Reads strict DAG-CBOR from the array that arrived, item after item, without building a tree and
/// without copying what the caller does not ask for. Used by one thread.
///
/// Every method throws [MalformedException] when the next item is not what was asked for, is not in
/// the one form that [CborWriter] gives it, or is longer than what is left; nothing is allocated
/// before that is known. The count of an array never exceeds the bytes behind it.
public final class CborReader {

  /// The deepest nesting: this many arrays, one inside another.
  public static final int DEPTH_MAX = 16;

  /// What the next item is.
  public enum Type {
    UINT,
    BYTES,
    TEXT,
    ARRAY,
    LINK,
    BOOL,
    NULL
  }

  private final byte[] data;
  private final int end;
  private int at;

  /// Items still to come in each open array, the outermost first.
  private final int[] left = new int[DEPTH_MAX];

  private int depth;

  public CborReader(byte[] data) {
    this(data, 0, data.length);
  }

  public CborReader(Slice slice) {
    this(slice.source(), slice.offset(), slice.length());
  }

  public CborReader(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    this.data = data;
    this.at = offset;
    this.end = offset + length;
  }

  /// Opens an array and returns its count; its items are read next.
  public int array() {
    long count = head(Wire.ARRAY, "an array");
    if (count > end - at) {
      throw malformed("an array of " + count + " items has only " + (end - at) + " bytes");
    }
    if (count == 0) {
      complete();
      return 0;
    }
    if (depth == DEPTH_MAX) {
      throw malformed("arrays nest deeper than " + DEPTH_MAX);
    }
    left[depth++] = (int) count;
    return (int) count;
  }

  /// Opens an array that must have exactly `count` items.
  public void array(int count) {
    int found = array();
    if (found != count) {
      throw malformed("an array of " + count + " items is wanted, this one has " + found);
    }
  }

  /// An unsigned integer, 0 to 2^63-1.
  public long uint() {
    long value = head(Wire.UINT, "an unsigned integer");
    complete();
    return value;
  }

  /// An unsigned integer of at most `max`.
  public long uint(long max) {
    long value = uint();
    if (value > max) {
      throw malformed("an integer above " + max + ": " + value);
    }
    return value;
  }

  /// A copy of a byte string of at most `max` bytes.
  public byte[] bytes(int max) {
    int length = length(Wire.BYTES, "a byte string", max);
    byte[] value = Arrays.copyOfRange(data, at, at + length);
    at += length;
    complete();
    return value;
  }

  /// A copy of a byte string of exactly `length` bytes: a key, a digest, a signature.
  public byte[] bytesOf(int length) {
    int found = length(Wire.BYTES, "a byte string", length);
    if (found != length) {
      throw malformed(length + " bytes are wanted, not " + found);
    }
    byte[] value = Arrays.copyOfRange(data, at, at + length);
    at += length;
    complete();
    return value;
  }

  /// A byte string of at most `max` bytes, where it lies.
  public Slice bytesSlice(int max) {
    int length = length(Wire.BYTES, "a byte string", max);
    Slice slice = new Slice(data, at, length);
    at += length;
    complete();
    return slice;
  }

  /// Text of at most `maxBytes` bytes of UTF-8.
  public String text(int maxBytes) {
    int length = length(Wire.TEXT, "text", maxBytes);
    boolean ascii = Wire.requireUtf8(data, at, at + length);
    String value =
        new String(data, at, length, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    at += length;
    complete();
    return value;
  }

  public boolean bool() {
    byte found = next();
    if (found != Wire.TRUE && found != Wire.FALSE) {
      throw unexpected("a boolean");
    }
    at++;
    complete();
    return found == Wire.TRUE;
  }

  /// Reads a null and returns true, or leaves what is not one and returns false.
  public boolean tryNull() {
    if (next() != Wire.NULL) {
      return false;
    }
    at++;
    complete();
    return true;
  }

  /// A CID link.
  public Cid link() {
    int length = linkLength();
    Cid cid = Cid.decode(data, at, length);
    at += length;
    complete();
    return cid;
  }

  /// What comes next, by its first byte alone.
  public Type peek() {
    byte found = next();
    return switch ((found & 0xff) >>> 5) {
      case Wire.UINT -> Type.UINT;
      case Wire.BYTES -> Type.BYTES;
      case Wire.TEXT -> Type.TEXT;
      case Wire.ARRAY -> Type.ARRAY;
      case Wire.TAG -> Type.LINK;
      default -> {
        if (found == Wire.NULL) {
          yield Type.NULL;
        }
        if (found == Wire.TRUE || found == Wire.FALSE) {
          yield Type.BOOL;
        }
        throw unexpected("an item of the chain's encoding");
      }
    };
  }

  /// Checks one whole item, arrays with all that is in them, and returns where it lies.
  public Slice item() {
    int start = at;
    int base = depth;
    do {
      skip();
    } while (depth > base);
    return new Slice(data, start, at - start);
  }

  private void skip() {
    switch (peek()) {
      case UINT -> uint();
      case ARRAY -> array();
      case NULL, BOOL -> {
        at++;
        complete();
      }
      case LINK -> link();
      case BYTES -> {
        // Not `at += length(...)`: that would add to the offset from before the head was read.
        int length = length(Wire.BYTES, "a byte string", Integer.MAX_VALUE);
        at += length;
        complete();
      }
      case TEXT -> {
        int length = length(Wire.TEXT, "text", Integer.MAX_VALUE);
        Wire.requireUtf8(data, at, at + length);
        at += length;
        complete();
      }
    }
  }

  /// Every array must be complete and no byte may follow.
  public void end() {
    if (depth > 0) {
      throw malformed("an array lacks " + left[depth - 1] + " items");
    }
    if (at != end) {
      throw malformed((end - at) + " bytes follow the item");
    }
  }

  /// True when no byte is left.
  public boolean atEnd() {
    return at == end;
  }

  /// Where the next item starts, as an index of the array that was given.
  public int offset() {
    return at;
  }

  /// An item is read: closes every array that it was the last of.
  private void complete() {
    while (depth > 0 && --left[depth - 1] == 0) {
      depth--;
    }
  }

  private byte next() {
    if (at >= end) {
      throw malformed("the data ends where an item should start");
    }
    return data[at];
  }

  /// A length that fits in what is left and under the caller's limit.
  private int length(int major, String wanted, int max) {
    long length = head(major, wanted);
    if (length > max) {
      throw malformed(wanted + " of " + length + " bytes, above " + max);
    }
    if (length > end - at) {
      throw malformed(wanted + " of " + length + " bytes has only " + (end - at));
    }
    return (int) length;
  }

  /// Reads tag 42, the byte string's head and the prefix 00, and returns the bytes of the CID.
  private int linkLength() {
    if (next() != Wire.TAG_ONE_BYTE || end - at < 2 || data[at + 1] != Wire.LINK_TAG) {
      throw unexpected("a link (tag 42)");
    }
    at += 2;
    int length = length(Wire.BYTES, "a link's byte string", 1 + Cid.BYTES_MAX);
    if (length < 1 || data[at] != 0) {
      throw malformed("a link does not start with the prefix 00");
    }
    at++;
    return length - 1;
  }

  private long head(int major, String wanted) {
    int head = next() & 0xff;
    if (head >>> 5 != major) {
      throw unexpected(wanted);
    }
    int info = head & 0x1f;
    if (info < Wire.ONE_BYTE) {
      at++;
      return info;
    }
    return wideHead(info);
  }

  private long wideHead(int info) {
    if (info > Wire.EIGHT_BYTES) {
      throw malformed("indefinite lengths and reserved heads are not taken");
    }
    int width = 1 << (info - Wire.ONE_BYTE);
    if (end - at <= width) {
      throw malformed("a head is truncated");
    }
    long value = 0;
    for (int i = 1; i <= width; i++) {
      value = value << 8 | (data[at + i] & 0xff);
    }
    // The least value that needs this width; of a value of eight bytes the top half must not be
    // zero.
    boolean shortest = width == 1 ? value >= Wire.ONE_BYTE : value >>> (4 * width) != 0;
    if (!shortest) {
      throw malformed("an integer or length is not in its shortest form");
    }
    if (value < 0) {
      throw malformed("an integer is above 2^63-1");
    }
    at += 1 + width;
    return value;
  }

  private MalformedException unexpected(String wanted) {
    return malformed(
        "wanted " + wanted + ", found the byte 0x" + Integer.toHexString(data[at] & 0xff));
  }

  private MalformedException malformed(String message) {
    return new MalformedException(message + " (at byte " + at + ")");
  }
}
