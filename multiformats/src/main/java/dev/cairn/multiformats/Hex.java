package dev.cairn.multiformats;

import java.util.HexFormat;

/// Base 16 as Cairn prints it: lowercase, two digits a byte, no prefix.
public final class Hex {

  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  public static String encode(byte[] bytes) {
    return FORMAT.formatHex(bytes);
  }

  /// Reads digits of either case.
  ///
  /// @throws MalformedException for an odd number of digits or anything that is not one
  public static byte[] decode(String text) {
    try {
      return FORMAT.parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not hexadecimal: " + e.getMessage(), e);
    }
  }
}
