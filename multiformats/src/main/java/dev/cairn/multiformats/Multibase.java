package dev.cairn.multiformats;

import java.util.Locale;

/// Text that names its own base by its first character (multiformats/multibase). All registered
/// bases but the raw identity, proquint and emoji. Bases with letters of one case read both cases,
/// as the registry's own test vectors ask.
public final class Multibase {

  private static final String DIGITS36 = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final String HEX32 = DIGITS36.substring(0, 32);
  private static final String CASED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String FLICKR = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

  private static final BitBase BASE2 = new BitBase("01", false, false);
  private static final BitBase BASE8 = new BitBase("01234567", false, false);
  private static final RadixBase BASE10 = new RadixBase("0123456789", false);
  private static final BitBase BASE16 = new BitBase(DIGITS36.substring(0, 16), false, true);
  private static final BitBase BASE16_UPPER = new BitBase(upper(DIGITS36, 16), false, true);
  private static final BitBase BASE32 = new BitBase(Base32.ALPHABET, false, true);
  private static final BitBase BASE32_UPPER = new BitBase(upper(Base32.ALPHABET, 32), false, true);
  private static final BitBase BASE32_PAD = new BitBase(Base32.ALPHABET, true, true);
  private static final BitBase BASE32_PAD_UPPER =
      new BitBase(upper(Base32.ALPHABET, 32), true, true);
  private static final BitBase BASE32_HEX = new BitBase(HEX32, false, true);
  private static final BitBase BASE32_HEX_UPPER = new BitBase(upper(HEX32, 32), false, true);
  private static final BitBase BASE32_HEX_PAD = new BitBase(HEX32, true, true);
  private static final BitBase BASE32_HEX_PAD_UPPER = new BitBase(upper(HEX32, 32), true, true);
  private static final BitBase BASE32_Z =
      new BitBase("ybndrfg8ejkmcpqxot1uwisza345h769", false, false);
  private static final RadixBase BASE36 = new RadixBase(DIGITS36, true);
  private static final RadixBase BASE36_UPPER = new RadixBase(upper(DIGITS36, 36), true);
  private static final RadixBase BASE58 = new RadixBase(Base58.ALPHABET, false);
  private static final RadixBase BASE58_FLICKR = new RadixBase(FLICKR, false);
  private static final BitBase BASE64 = new BitBase(CASED + "+/", false, false);
  private static final BitBase BASE64_PAD = new BitBase(CASED + "+/", true, false);
  private static final BitBase BASE64_URL = new BitBase(CASED + "-_", false, false);
  private static final BitBase BASE64_URL_PAD = new BitBase(CASED + "-_", true, false);

  private Multibase() {}

  /// The prefix `base` and the bytes in that base; `b` is base32, `z` base58btc, `u` base64url.
  ///
  /// @throws IllegalArgumentException for a base that is not known
  public static String encode(char base, byte[] bytes) {
    String text =
        switch (base) {
          case '9' -> BASE10.encode(bytes);
          case 'k' -> BASE36.encode(bytes);
          case 'K' -> BASE36_UPPER.encode(bytes);
          case 'z' -> BASE58.encode(bytes);
          case 'Z' -> BASE58_FLICKR.encode(bytes);
          default -> {
            if (!isBitBase(base)) {
              throw new IllegalArgumentException("no multibase has the prefix " + base);
            }
            yield bitBase(base).encode(bytes);
          }
        };
    return base + text;
  }

  /// The bytes behind the prefix.
  ///
  /// @throws MalformedException for no prefix, an unknown one, or digits that are not of its base
  public static byte[] decode(String text) {
    if (text.isEmpty()) {
      throw new MalformedException("an empty text names no base");
    }
    String digits = text.substring(1);
    char base = text.charAt(0);
    return switch (base) {
      case '9' -> BASE10.decode(digits);
      case 'k' -> BASE36.decode(digits);
      case 'K' -> BASE36_UPPER.decode(digits);
      case 'z' -> BASE58.decode(digits);
      case 'Z' -> BASE58_FLICKR.decode(digits);
      default -> bitBase(base).decode(digits);
    };
  }

  private static boolean isBitBase(char base) {
    return "07fFbBcCvVtThmMuU".indexOf(base) >= 0;
  }

  private static BitBase bitBase(char base) {
    return switch (base) {
      case '0' -> BASE2;
      case '7' -> BASE8;
      case 'f' -> BASE16;
      case 'F' -> BASE16_UPPER;
      case 'b' -> BASE32;
      case 'B' -> BASE32_UPPER;
      case 'c' -> BASE32_PAD;
      case 'C' -> BASE32_PAD_UPPER;
      case 'v' -> BASE32_HEX;
      case 'V' -> BASE32_HEX_UPPER;
      case 't' -> BASE32_HEX_PAD;
      case 'T' -> BASE32_HEX_PAD_UPPER;
      case 'h' -> BASE32_Z;
      case 'm' -> BASE64;
      case 'M' -> BASE64_PAD;
      case 'u' -> BASE64_URL;
      case 'U' -> BASE64_URL_PAD;
      default -> throw new MalformedException("no multibase has the prefix " + base);
    };
  }

  private static String upper(String alphabet, int length) {
    return alphabet.substring(0, length).toUpperCase(Locale.ROOT);
  }
}
