package dev.cairn.files.unixfs;

import java.util.Locale;
import java.util.OptionalInt;

/// Where a name lies in a sharded folder: its hash gives a bucket a level, from the highest bits
/// on. A link of a shard is called by the bucket in upper-case hex, padded to the width of the last
/// bucket, and the entry's name behind it; a shard below by the bucket alone.
final class HamtPath {

  private static final int HASH_BITS = 64;

  private HamtPath() {}

  /// Levels that a hash has bits for.
  static int levels(int fanout) {
    return HASH_BITS / bits(fanout);
  }

  /// @param level from 0, under [#levels]
  static int bucket(long hash, int level, int fanout) {
    int bits = bits(fanout);
    return (int) (hash >>> (HASH_BITS - bits * (level + 1))) & (fanout - 1);
  }

  static String prefix(int bucket, int fanout) {
    String hex = Integer.toHexString(bucket).toUpperCase(Locale.ROOT);
    return "0".repeat(prefixChars(fanout) - hex.length()) + hex;
  }

  static int prefixChars(int fanout) {
    return Integer.toHexString(fanout - 1).length();
  }

  /// The bucket that a link's name starts with; empty when it does not.
  static OptionalInt parse(String name, int fanout) {
    int width = prefixChars(fanout);
    if (name.length() < width) {
      return OptionalInt.empty();
    }
    int bucket = 0;
    for (int i = 0; i < width; i++) {
      char digit = name.charAt(i);
      boolean hex = digit >= '0' && digit <= '9' || digit >= 'A' && digit <= 'F';
      if (!hex) {
        return OptionalInt.empty();
      }
      bucket = bucket << 4 | Character.digit(digit, 16);
    }
    return bucket < fanout ? OptionalInt.of(bucket) : OptionalInt.empty();
  }

  /// The buckets above and one more, as the highest bits of a hash.
  static long with(long above, int bucket, int level, int fanout) {
    return above | (long) bucket << (HASH_BITS - bits(fanout) * (level + 1));
  }

  /// Whether a hash leads through the buckets of `path`, down to those of `level`.
  static boolean startsWith(long hash, long path, int level, int fanout) {
    int shift = HASH_BITS - bits(fanout) * (level + 1);
    return hash >>> shift == path >>> shift;
  }

  private static int bits(int fanout) {
    return Integer.numberOfTrailingZeros(fanout);
  }
}
