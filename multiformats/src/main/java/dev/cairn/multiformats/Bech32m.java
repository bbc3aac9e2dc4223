package dev.cairn.multiformats;

import java.util.Arrays;
import java.util.Locale;

/// Bech32m (BIP-350): text with a prefix that says what it is and a checksum that finds every
/// typing error in up to four characters. Bytes are cut into groups of five bits as in BIP-173.
public final class Bech32m {

  /// The longest text, in characters: what the checksum is made for.
  public static final int TEXT_CHARS_MAX = 90;

  private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int CHECKSUM_CHARS = 6;
  private static final int CHECKSUM_CONSTANT = 0x2bc830a3;
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };

  private Bech32m() {}

  /// Lowercase text: the prefix `hrp`, a `1`, the bytes and the checksum.
  ///
  /// @throws IllegalArgumentException when the prefix is not lowercase ASCII or the text would be
  ///   longer than [#TEXT_CHARS_MAX]
  public static String encode(String hrp, byte[] bytes) {
    requirePrefix(hrp);
    long count = (bytes.length * 8L + 4) / 5;
    if (hrp.length() + 1 + count + CHECKSUM_CHARS > TEXT_CHARS_MAX) {
      throw new IllegalArgumentException(bytes.length + " bytes are too many for bech32m");
    }
    return encodeWords(hrp, toWords(bytes, (int) count));
  }

  /// The text of groups of five bits.
  static String encodeWords(String hrp, byte[] groups) {
    int count = groups.length;
    byte[] words = Arrays.copyOf(groups, count + CHECKSUM_CHARS);
    int checksum = checksum(hrp, words) ^ CHECKSUM_CONSTANT;
    for (int i = 0; i < CHECKSUM_CHARS; i++) {
      words[count + i] = (byte) (checksum >>> (5 * (CHECKSUM_CHARS - 1 - i)) & 31);
    }
    StringBuilder text = new StringBuilder(hrp).append('1');
    for (byte word : words) {
      text.append(ALPHABET.charAt(word));
    }
    return text.toString();
  }

  /// The bytes of a text with the prefix `hrp`, all in one case.
  ///
  /// @throws MalformedException for another prefix, mixed case, a wrong checksum or bits left over
  public static byte[] decode(String hrp, String text) {
    byte[] words = words(hrp, text);
    byte[] bytes = new byte[words.length * 5 / 8];
    int buffer = 0;
    int held = 0;
    int at = 0;
    for (byte word : words) {
      buffer = buffer << 5 | word;
      held += 5;
      if (held >= 8) {
        held -= 8;
        bytes[at++] = (byte) (buffer >>> held);
        buffer &= (1 << held) - 1;
      }
    }
    if (held >= 5 || buffer != 0) {
      throw new MalformedException("the last character holds bits that belong to no byte");
    }
    return bytes;
  }

  /// The groups of five bits between prefix and checksum, after all checks of BIP-350.
  static byte[] words(String hrp, String text) {
    requirePrefix(hrp);
    if (text.length() > TEXT_CHARS_MAX) {
      throw new MalformedException("bech32m text of " + text.length() + " characters is too long");
    }
    // Outside ASCII are characters whose lowercase is an ASCII letter, such as the Kelvin sign.
    if (!text.chars().allMatch(c -> c >= 33 && c <= 126)) {
      throw new MalformedException("bech32m text is printable ASCII");
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals(text) && !text.toUpperCase(Locale.ROOT).equals(text)) {
      throw new MalformedException("bech32m text mixes upper and lower case");
    }
    int start = lower.lastIndexOf('1') + 1;
    if (start == 0 || !lower.substring(0, start - 1).equals(hrp)) {
      throw new MalformedException("the text does not start with " + hrp + "1");
    }
    int count = lower.length() - start;
    if (count < CHECKSUM_CHARS) {
      throw new MalformedException("bech32m text is too short for its checksum");
    }
    byte[] words = new byte[count];
    for (int i = 0; i < count; i++) {
      int value = ALPHABET.indexOf(lower.charAt(start + i));
      if (value < 0) {
        throw new MalformedException("character " + (start + i + 1) + " is not one of bech32m");
      }
      words[i] = (byte) value;
    }
    if (checksum(hrp, words) != CHECKSUM_CONSTANT) {
      throw new MalformedException("the checksum is wrong: a typing error, or not bech32m");
    }
    return Arrays.copyOf(words, count - CHECKSUM_CHARS);
  }

  private static byte[] toWords(byte[] bytes, int count) {
    byte[] words = new byte[count];
    int buffer = 0;
    int held = 0;
    int at = 0;
    for (byte b : bytes) {
      buffer = buffer << 8 | (b & 0xff);
      held += 8;
      while (held >= 5) {
        held -= 5;
        words[at++] = (byte) (buffer >>> held & 31);
      }
      buffer &= (1 << held) - 1;
    }
    if (held > 0) {
      words[at] = (byte) (buffer << (5 - held) & 31);
    }
    return words;
  }

  private static int checksum(String hrp, byte[] words) {
    int sum = 1;
    for (int i = 0; i < hrp.length(); i++) {
      sum = step(sum, hrp.charAt(i) >>> 5);
    }
    sum = step(sum, 0);
    for (int i = 0; i < hrp.length(); i++) {
      sum = step(sum, hrp.charAt(i) & 31);
    }
    for (byte word : words) {
      sum = step(sum, word);
    }
    return sum;
  }

  private static int step(int sum, int value) {
    int top = sum >>> 25;
    int next = (sum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < GENERATOR.length; i++) {
      if ((top >>> i & 1) == 1) {
        next ^= GENERATOR[i];
      }
    }
    return next;
  }

  private static void requirePrefix(String hrp) {
    boolean good = !hrp.isEmpty() && hrp.length() <= 83;
    for (int i = 0; good && i < hrp.length(); i++) {
      char c = hrp.charAt(i);
      good = c >= 33 && c <= 126 && !(c >= 'A' && c <= 'Z');
    }
    if (!good) {
      throw new IllegalArgumentException("not a bech32m prefix: " + hrp);
    }
  }
}
