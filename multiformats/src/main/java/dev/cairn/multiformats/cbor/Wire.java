package dev.cairn.multiformats.cbor;

import dev.cairn.multiformats.MalformedException;

/// The constants of RFC 8949, section 3, and the check of UTF-8 that reader and skipper share.
final class Wire {

  static final int UINT = 0;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int TAG = 6;

  /// The low five bits of a head, from where they say how many bytes of value follow.
  static final int ONE_BYTE = 24;

  static final int EIGHT_BYTES = 27;

  static final byte FALSE = (byte) 0xf4;
  static final byte TRUE = (byte) 0xf5;
  static final byte NULL = (byte) 0xf6;

  /// A tag whose number is in the next byte.
  static final byte TAG_ONE_BYTE = (byte) 0xd8;

  /// The only tag of DAG-CBOR: a CID.
  static final byte LINK_TAG = 42;

  private Wire() {}

  /// Checks RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. True where all is
  /// ASCII.
  static boolean requireUtf8(byte[] data, int offset, int end) {
    int at = offset;
    while (at < end && data[at] >= 0) {
      at++;
    }
    if (at == end) {
      return true;
    }
    while (at < end) {
      int lead = data[at] & 0xff;
      int follow = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
      if (follow > 0) {
        // The second byte's range depends on the first: that is what keeps out overlong forms,
        // surrogates and what lies above the last plane.
        int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        boolean good = lead >= 0xc2 && lead <= 0xf4 && end - at > follow;
        for (int i = 1; good && i <= follow; i++) {
          int next = data[at + i] & 0xff;
          good = i == 1 ? next >= low && next <= high : (next & 0xc0) == 0x80;
        }
        if (!good) {
          throw new MalformedException("text is not UTF-8 at byte " + at);
        }
      }
      at += 1 + follow;
    }
    return false;
  }
}
