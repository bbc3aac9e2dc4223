package dev.cairn.files.dag;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// Finds the links of any DAG-CBOR block: maps, floats and negative integers too, which the chain's
/// own objects (`dev.cairn.multiformats.cbor`) never have. One pass without recursion, so that
/// depth costs a stack entry of eight bytes and no more.
final class CborLinks {

  /// The deepest nesting of maps and arrays.
  static final int DEPTH_MAX = 1024;

  private static final int UINT = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int LINK_TAG = 42;

  private final byte[] data;
  private final List<Cid> found = new ArrayList<>();
  private final long[] left = new long[DEPTH_MAX];
  private int depth;
  private int at;

  private CborLinks(byte[] data) {
    this.data = data;
  }

  static List<Cid> of(byte[] block) {
    CborLinks links = new CborLinks(block);
    links.scan();
    return links.found;
  }

  private void scan() {
    do {
      item();
      while (depth > 0 && left[depth - 1] == 0) {
        depth--;
      }
    } while (depth > 0);
    if (at != data.length) {
      throw malformed((data.length - at) + " bytes follow the item");
    }
  }

  private void item() {
    if (depth > 0) {
      left[depth - 1]--;
    }
    int head = next();
    int info = head & 0x1f;
    switch (head >>> 5) {
      case UINT, NEGATIVE -> argument(info);
      case BYTES, TEXT -> skip(argument(info));
      case ARRAY -> open(argument(info), 1);
      case MAP -> open(argument(info), 2);
      case TAG -> link(argument(info));
      default -> simple(info);
    }
  }

  /// False, true, null and floats of eight bytes; DAG-CBOR has no others.
  private void simple(int info) {
    if (info == 27) {
      skip(8);
    } else if (info < 20 || info > 22) {
      throw malformed("a simple value that DAG-CBOR does not have");
    }
  }

  private void open(long count, int itemsEach) {
    if (count < 0 || count > (data.length - at) / itemsEach) {
      throw malformed("a count is larger than what follows");
    }
    if (count == 0) {
      return;
    }
    if (depth == DEPTH_MAX) {
      throw malformed("nests deeper than " + DEPTH_MAX);
    }
    left[depth++] = count * itemsEach;
  }

  private void link(long tag) {
    if (tag != LINK_TAG) {
      throw malformed("a tag other than 42");
    }
    int head = next();
    if (head >>> 5 != BYTES) {
      throw malformed("a link is not a byte string");
    }
    long length = argument(head & 0x1f);
    int start = at;
    skip(length);
    if (length < 1 || data[start] != 0) {
      throw malformed("a link does not start with the prefix 00");
    }
    found.add(Cid.decode(data, start + 1, (int) length - 1));
  }

  private long argument(int info) {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw malformed("an indefinite length");
    }
    long value = 0;
    for (int i = 0; i < 1 << (info - 24); i++) {
      value = value << 8 | next();
    }
    return value;
  }

  private void skip(long length) {
    if (length < 0 || length > data.length - at) {
      throw malformed("an item is longer than what is left");
    }
    at += (int) length;
  }

  private int next() {
    if (at == data.length) {
      throw malformed("the block ends within an item");
    }
    return data[at++] & 0xff;
  }

  private MalformedException malformed(String what) {
    return new MalformedException("not DAG-CBOR: " + what + " (at byte " + at + ")");
  }
}
