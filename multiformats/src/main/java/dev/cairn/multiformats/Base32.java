package dev.cairn.multiformats;

/// RFC 4648 base 32, lowercase and without padding: the text of a CID behind its prefix `b`.
public final class Base32 {

  static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final BitBase BASE = new BitBase(ALPHABET, false, false);

  private Base32() {}

  public static String encode(byte[] bytes) {
    return BASE.encode(bytes);
  }

  /// The bytes of lowercase digits without padding.
  ///
  /// @throws MalformedException for uppercase, padding, bits left over or a foreign character
  public static byte[] decode(String text) {
    return BASE.decode(text);
  }
}
