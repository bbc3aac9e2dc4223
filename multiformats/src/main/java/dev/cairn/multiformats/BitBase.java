package dev.cairn.multiformats;

import java.util.Arrays;

/// A base whose digits are a whole number of bits, as in RFC 4648: 2, 8, 16, 32 and 64. Reads only
/// what it would itself have written, but for the case of letters where the alphabet has one case.
final class BitBase {

  private final String alphabet;
  private final int bits;
  private final boolean padded;
  private final byte[] values = new byte[128];

  BitBase(String alphabet, boolean padded, boolean anyCase) {
    this.alphabet = alphabet;
    this.bits = Integer.numberOfTrailingZeros(alphabet.length());
    this.padded = padded;
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < alphabet.length(); i++) {
      char digit = alphabet.charAt(i);
      values[digit] = (byte) i;
      if (anyCase) {
        values[Character.toLowerCase(digit)] = (byte) i;
        values[Character.toUpperCase(digit)] = (byte) i;
      }
    }
  }

  /// Digits after which bits and bytes meet again: padding fills up to a multiple of this.
  private int group() {
    return switch (bits) {
      case 1, 3, 5 -> 8;
      case 6 -> 4;
      default -> 2;
    };
  }

  String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder((int) ((bytes.length * 8L + bits - 1) / bits) + 8);
    int mask = (1 << bits) - 1;
    int buffer = 0;
    int held = 0;
    for (byte b : bytes) {
      buffer = buffer << 8 | (b & 0xff);
      held += 8;
      while (held >= bits) {
        held -= bits;
        text.append(alphabet.charAt(buffer >>> held & mask));
      }
      buffer &= (1 << held) - 1;
    }
    if (held > 0) {
      text.append(alphabet.charAt(buffer << (bits - held) & mask));
    }
    while (padded && text.length() % group() != 0) {
      text.append('=');
    }
    return text.toString();
  }

  byte[] decode(String text) {
    int end = unpaddedEnd(text);
    byte[] bytes = new byte[(int) ((long) end * bits / 8)];
    int at = 0;
    int buffer = 0;
    int held = 0;
    for (int i = 0; i < end; i++) {
      buffer = buffer << bits | digit(text.charAt(i), i);
      held += bits;
      if (held >= 8) {
        held -= 8;
        bytes[at++] = (byte) (buffer >>> held);
        buffer &= (1 << held) - 1;
      }
    }
    // A whole digit left over, or bits that an encoder leaves at zero: another text for the same
    // bytes.
    if (held >= bits || buffer != 0) {
      throw new MalformedException("the last digit holds bits that belong to no byte");
    }
    return bytes;
  }

  private int unpaddedEnd(String text) {
    int end = text.length();
    if (!padded) {
      return end;
    }
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    int group = group();
    if (text.length() % group != 0 || text.length() - end >= group) {
      throw new MalformedException("the padding does not fill the last group of digits");
    }
    return end;
  }

  private int digit(char c, int index) {
    int value = c < values.length ? values[c] : -1;
    if (value < 0) {
      throw new MalformedException(
          "character " + (index + 1) + " is not a digit of base " + alphabet.length());
    }
    return value;
  }
}
