package dev.cairn.multiformats;

/// IP addresses as text: four decimal numbers, and RFC 5952 for IPv6. Reads every form of RFC 4291,
/// section 2.2, and asks no resolver.
final class IpText {

  private static final int GROUPS = 8;

  private IpText() {}

  static byte[] parse4(String text) {
    byte[] bytes = new byte[4];
    parse4(text, bytes, 0);
    return bytes;
  }

  private static void parse4(String text, byte[] target, int offset) {
    int start = 0;
    for (int i = 0; i < 4; i++) {
      int dot = i == 3 ? text.length() : text.indexOf('.', start);
      if (dot < 0) {
        throw new MalformedException("not an IPv4 address: " + AddressValue.shown(text));
      }
      target[offset + i] = (byte) AddressValue.number(text.substring(start, dot), 0xff);
      start = dot + 1;
    }
  }

  static String format4(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff)
        + "."
        + (bytes[offset + 1] & 0xff)
        + "."
        + (bytes[offset + 2] & 0xff)
        + "."
        + (bytes[offset + 3] & 0xff);
  }

  static byte[] parse6(String text) {
    int gap = text.indexOf("::");
    if (text.length() > 45 || (gap >= 0 && text.indexOf("::", gap + 1) >= 0)) {
      throw not6(text);
    }
    if (gap < 0) {
      byte[] bytes = new byte[16];
      if (groups(text, bytes, text) != 16) {
        throw not6(text);
      }
      return bytes;
    }
    byte[] head = new byte[16];
    byte[] tail = new byte[16];
    int headSize = gap == 0 ? 0 : groups(text.substring(0, gap), head, text);
    String rest = text.substring(gap + 2);
    int tailSize = rest.isEmpty() ? 0 : groups(rest, tail, text);
    boolean dotsBeforeGap = text.lastIndexOf('.', gap) >= 0;
    if (headSize + tailSize > 14 || dotsBeforeGap) {
      throw not6(text);
    }
    System.arraycopy(tail, 0, head, 16 - tailSize, tailSize);
    return head;
  }

  /// Reads groups with single colons between them, the last one perhaps an IPv4 address; returns
  /// the bytes that they make.
  private static int groups(String part, byte[] target, String whole) {
    int size = 0;
    int start = 0;
    while (start <= part.length()) {
      int colon = part.indexOf(':', start);
      int stop = colon < 0 ? part.length() : colon;
      String group = part.substring(start, stop);
      if (colon < 0 && group.indexOf('.') >= 0) {
        if (size > 12) {
          throw not6(whole);
        }
        parse4(group, target, size);
        return size + 4;
      }
      int value = group(group, whole);
      if (size == 16) {
        throw not6(whole);
      }
      target[size++] = (byte) (value >>> 8);
      target[size++] = (byte) value;
      start = stop + 1;
    }
    return size;
  }

  private static int group(String digits, String whole) {
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), 16) : -1;
      if (digit < 0) {
        throw not6(whole);
      }
      value = value << 4 | digit;
    }
    if (digits.isEmpty() || digits.length() > 4) {
      throw not6(whole);
    }
    return value;
  }

  static String format6(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
    }
    if (isMapped(groups)) {
      return "::ffff:" + format4(bytes, 12);
    }
    // RFC 5952, 4.2: the longest run of zeros, the first of equals, never a single group.
    int gap = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && groups[i + run] == 0) {
        run++;
      }
      if (run > gapLength) {
        gap = i;
        gapLength = run;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (gap >= 0 && i > gap && i < gap + gapLength) {
        continue;
      }
      if (i == gap) {
        text.append("::");
        continue;
      }
      if (i > 0 && i != gap + gapLength) {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static boolean isMapped(int[] groups) {
    for (int i = 0; i < 5; i++) {
      if (groups[i] != 0) {
        return false;
      }
    }
    return groups[5] == 0xffff;
  }

  private static MalformedException not6(String text) {
    return new MalformedException("not an IPv6 address: " + AddressValue.shown(text));
  }
}
