package dev.cairn.core;

import dev.cairn.multiformats.MalformedException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Amounts as people read them: one coin is 10^9 base units. The chain itself knows base units
/// only.
public final class Coins {

  /// Digits after the decimal point.
  public static final int DECIMALS = 9;

  /// Base units in one coin.
  public static final long ONE = 1_000_000_000L;

  private static final int TEXT_LENGTH_MAX = 32;

  private Coins() {}

  /// Reads coins such as `12`, `0.5` or `3.000000001`.
  ///
  /// @return base units, 0 to 2^63-1
  /// @throws MalformedException when the text is not plain decimal digits, has more than nine of
  ///   them after the point, or is too large
  public static long parse(String text) {
    if (text.length() > TEXT_LENGTH_MAX || !text.matches("[0-9]+(\\.[0-9]+)?")) {
      throw new MalformedException("not an amount of coins: " + text);
    }
    try {
      return new BigDecimal(text)
          .movePointRight(DECIMALS)
          .setScale(0, RoundingMode.UNNECESSARY)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new MalformedException(
          "an amount has at most 9 decimals and is under 9223372036.854775808: " + text);
    }
  }

  /// Shows base units as coins, with no zeros at the end.
  public static String format(long baseUnits) {
    BigDecimal coins = BigDecimal.valueOf(baseUnits, DECIMALS).stripTrailingZeros();
    return coins.scale() < 0 ? coins.setScale(0).toPlainString() : coins.toPlainString();
  }
}
