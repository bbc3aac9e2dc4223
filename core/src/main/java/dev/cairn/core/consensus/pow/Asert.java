package dev.cairn.core.consensus.pow;

import dev.cairn.core.Target;
import java.math.BigInteger;

/// The difficulty rule aserti3-2d of Bitcoin Cash (its specification of 2020-11-15, "ASERT"), in
/// integers only: the target doubles for each half-life by which the chain is behind its schedule,
/// and halves for each by which it is ahead. Only the parent of a block and a fixed anchor matter,
/// so no errors add up.
final class Asert {

  /// Fractional bits of the exponent.
  private static final int RADIX_BITS = 16;

  // 2^x - 1 for 0 <= x < 1, as a cubic with 48 fractional bits; its error is below 0.013 %.
  private static final BigInteger LINEAR = BigInteger.valueOf(195_766_423_245_049L);
  private static final BigInteger SQUARE = BigInteger.valueOf(971_821_376L);
  private static final BigInteger CUBE = BigInteger.valueOf(5_127L);
  private static final BigInteger HALF = BigInteger.ONE.shiftLeft(47);

  private final Target anchor;
  private final Target easiest;
  private final BigInteger interval;
  private final BigInteger halfLife;

  /// @param anchor the target of the block that the schedule starts from
  /// @param easiest a target is never easier
  /// @param interval the time that a block should take, in the unit of all times
  /// @param halfLife in the same unit
  Asert(Target anchor, Target easiest, long interval, long halfLife) {
    this.anchor = anchor;
    this.easiest = easiest;
    this.interval = BigInteger.valueOf(interval);
    this.halfLife = BigInteger.valueOf(halfLife);
  }

  /// The target of the block after one.
  ///
  /// @param time of that block, less the time of the anchor's parent
  /// @param height of that block, less the anchor's
  Target after(long time, long height) {
    BigInteger blocks = BigInteger.valueOf(height).add(BigInteger.ONE);
    BigInteger late = BigInteger.valueOf(time).subtract(interval.multiply(blocks));
    // Truncated towards zero, as the specification says; the shift below rounds down.
    BigInteger exponent = late.shiftLeft(RADIX_BITS).divide(halfLife);
    BigInteger shifts = exponent.shiftRight(RADIX_BITS);
    BigInteger x = exponent.subtract(shifts.shiftLeft(RADIX_BITS));
    if (shifts.bitLength() > 9) {
      return shifts.signum() > 0 ? easiest : Target.HARDEST;
    }
    BigInteger factor =
        LINEAR
            .multiply(x)
            .add(SQUARE.multiply(x.pow(2)))
            .add(CUBE.multiply(x.pow(3)))
            .add(HALF)
            .shiftRight(48)
            .setBit(RADIX_BITS);
    BigInteger target =
        anchor.value().multiply(factor).shiftLeft(shifts.intValue()).shiftRight(RADIX_BITS);
    if (target.signum() == 0) {
      return Target.HARDEST;
    }
    return target.compareTo(easiest.value()) > 0 ? easiest : Target.atMost(target);
  }
}
