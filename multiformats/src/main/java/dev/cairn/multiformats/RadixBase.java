package dev.cairn.multiformats;

import java.util.Arrays;

/// A base that reads the bytes as one big-endian number, each leading zero byte as one leading zero
/// digit: 10, 36 and 58. Its work grows with the square of the length, so the length has a limit.
final class RadixBase {

  /// The most bytes to encode, and the most characters to decode.
  static final int LENGTH_MAX = 1024;

  private final String alphabet;
  private final int radix;
  private final byte[] values = new byte[128];

  RadixBase(String alphabet, boolean anyCase) {
    this.alphabet = alphabet;
    this.radix = alphabet.length();
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < radix; i++) {
      char digit = alphabet.charAt(i);
      values[digit] = (byte) i;
      if (anyCase) {
        values[Character.toLowerCase(digit)] = (byte) i;
        values[Character.toUpperCase(digit)] = (byte) i;
      }
    }
  }

  String encode(byte[] bytes) {
    if (bytes.length > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "base " + radix + " takes at most " + LENGTH_MAX + " bytes, not " + bytes.length);
    }
    int zeros = 0;
    while (zeros < bytes.length && bytes[zeros] == 0) {
      zeros++;
    }
    // Digits of the number, the lowest first; each byte multiplies what is there by 256.
    byte[] digits = new byte[bytes.length * 8 * 100 / (int) (100 * log2(radix)) + 1];
    int used = 0;
    for (int i = zeros; i < bytes.length; i++) {
      int carry = bytes[i] & 0xff;
      for (int j = 0; j < used || carry != 0; j++) {
        carry += digits[j] << 8;
        digits[j] = (byte) (carry % radix);
        carry /= radix;
        used = Math.max(used, j + 1);
      }
    }
    StringBuilder text = new StringBuilder(zeros + used);
    text.repeat(alphabet.charAt(0), zeros);
    for (int j = used - 1; j >= 0; j--) {
      text.append(alphabet.charAt(digits[j]));
    }
    return text.toString();
  }

  byte[] decode(String text) {
    if (text.length() > LENGTH_MAX) {
      throw new MalformedException(
          "base " + radix + " text of " + text.length() + " characters, above " + LENGTH_MAX);
    }
    int zeros = 0;
    while (zeros < text.length() && digit(text.charAt(zeros), zeros) == 0) {
      zeros++;
    }
    byte[] number = new byte[text.length()];
    int used = 0;
    for (int i = zeros; i < text.length(); i++) {
      int carry = digit(text.charAt(i), i);
      for (int j = 0; j < used || carry != 0; j++) {
        carry += (number[j] & 0xff) * radix;
        number[j] = (byte) carry;
        carry >>>= 8;
        used = Math.max(used, j + 1);
      }
    }
    byte[] bytes = new byte[zeros + used];
    for (int j = 0; j < used; j++) {
      bytes[bytes.length - 1 - j] = number[j];
    }
    return bytes;
  }

  private static double log2(int radix) {
    return Math.log(radix) / Math.log(2);
  }

  private int digit(char c, int index) {
    int value = c < values.length ? values[c] : -1;
    if (value < 0) {
      throw new MalformedException("character " + (index + 1) + " is not a digit of base " + radix);
    }
    return value;
  }
}
