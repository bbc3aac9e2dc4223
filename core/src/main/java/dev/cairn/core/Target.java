package dev.cairn.core;

import dev.cairn.multiformats.MalformedException;
import java.math.BigInteger;

/// What a proof of work has to meet: a hash, read as a big-endian number of 256 bits, meets a
/// target when it is at most the target.
///
/// A target is one of those that Bitcoin's compact form can say: a mantissa of 23 bits and a length
/// in bytes, `length << 24 | mantissa`. Each has one compact form only, with the mantissa's highest
/// byte set where that keeps its highest bit clear.
///
/// @param value 1 to [#EASIEST]
public record Target(BigInteger value) {

  /// The least difficulty that there is: two hashes for a block, on average.
  public static final long DIFFICULTY_MIN = 2;

  /// The greatest that a chain may start with.
  public static final long DIFFICULTY_MAX = 1L << 62;

  /// The easiest target, `0x207fffff`: nearly every second hash meets it.
  public static final Target EASIEST = ofCompact(0x207fffffL);

  /// The hardest target, 1.
  public static final Target HARDEST = ofCompact(0x01010000L);

  private static final BigInteger HASHES = BigInteger.ONE.shiftLeft(256);

  /// Mantissa bytes of the compact form.
  private static final int MANTISSA_BYTES = 3;

  private static final long SIGN = 0x00800000L;
  private static final long MANTISSA = 0x007fffffL;

  /// @throws MalformedException when no compact form says exactly this
  public Target {
    if (value.signum() <= 0 || value.bitLength() > 255 || !value.equals(expand(compact(value)))) {
      throw new MalformedException("not a target: " + value.toString(16));
    }
  }

  /// Reads a compact form.
  ///
  /// @throws MalformedException when it is none, or not the only one for its target
  public static Target ofCompact(long compact) {
    if (compact < 0 || compact > 0xffffffffL || compact >>> 24 > Hash.BYTES) {
      throw new MalformedException("not a compact target: " + Long.toHexString(compact));
    }
    Target target = new Target(expand(compact));
    if (target.compact() != compact) {
      throw new MalformedException("another form of a target: " + Long.toHexString(compact));
    }
    return target;
  }

  /// The hardest-but-one form rounds down: the greatest target at most this number.
  ///
  /// @param value at least 1; what is above [#EASIEST] becomes that
  public static Target atMost(BigInteger value) {
    return value.bitLength() > 255 ? EASIEST : new Target(expand(compact(value)));
  }

  /// The target that takes so many hashes to meet, on average; at most a 2^15th harder.
  ///
  /// @param hashes [#DIFFICULTY_MIN] to [#DIFFICULTY_MAX]
  public static Target ofDifficulty(long hashes) {
    if (hashes < DIFFICULTY_MIN || hashes > DIFFICULTY_MAX) {
      throw new IllegalArgumentException("a difficulty of " + hashes);
    }
    return atMost(HASHES.divide(BigInteger.valueOf(hashes)).subtract(BigInteger.ONE));
  }

  private static long compact(BigInteger value) {
    int length = (value.bitLength() + 7) / 8;
    int shift = 8 * (length - MANTISSA_BYTES);
    long mantissa = shift >= 0 ? value.shiftRight(shift).longValue() : value.longValue() << -shift;
    if ((mantissa & SIGN) != 0) {
      mantissa >>>= 8;
      length++;
    }
    return (long) length << 24 | mantissa;
  }

  private static BigInteger expand(long compact) {
    BigInteger mantissa = BigInteger.valueOf(compact & MANTISSA);
    int shift = 8 * ((int) (compact >>> 24) - MANTISSA_BYTES);
    return (compact & SIGN) != 0 ? BigInteger.ZERO : mantissa.shiftLeft(shift);
  }

  /// The compact form, below 2^32.
  public long compact() {
    return compact(value);
  }

  /// How many hashes it takes to meet the target, on average: floor(2^256 / (target + 1)).
  public BigInteger work() {
    return HASHES.divide(value.add(BigInteger.ONE));
  }

  /// The number as 32 bytes: a hash meets the target when it is at most this one.
  public Hash limit() {
    byte[] bytes = value.toByteArray();
    byte[] padded = new byte[Hash.BYTES];
    int from = Math.max(0, bytes.length - Hash.BYTES);
    System.arraycopy(bytes, from, padded, Hash.BYTES - (bytes.length - from), bytes.length - from);
    return Hash.of(padded);
  }

  /// Whether the hash meets the target.
  public boolean metBy(Hash hash) {
    return hash.compareTo(limit()) <= 0;
  }

  @Override
  public String toString() {
    return "0x%08x".formatted(compact());
  }
}
