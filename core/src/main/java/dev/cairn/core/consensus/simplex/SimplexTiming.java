package dev.cairn.core.consensus.simplex;

import java.util.concurrent.TimeUnit;

/// How long a node waits, in milliseconds. Nodes of one chain may differ: safety never depends on
/// these, only speed does.
///
/// @param skipMillis from a slot's first sign of life to the vote to skip it; half as much again
///   for each further slot without a final block
/// @param resendMillis from the last news to sending again what is not final yet; doubled each time
/// @param fetchMillis how long a missing block is awaited before it is asked for; doubled each time
/// @param blockIntervalMillis the least time between two blocks that this node makes, so that
///   transactions gather while the chain is busy; a block after a pause is not delayed
/// @param capMillis the longest that any of these grows to
public record SimplexTiming(
    long skipMillis,
    long resendMillis,
    long fetchMillis,
    long blockIntervalMillis,
    long capMillis) {

  /// For a network around the world or in one machine.
  public static final SimplexTiming STANDARD = new SimplexTiming(1_000, 500, 100, 10, 5_000);

  private static final int GROWTH_STEPS_MAX = 16;

  /// @param further slots since the last final one, 0 for the next
  long skipNanos(long further) {
    long millis = skipMillis;
    for (int i = 0; i < Math.min(further, GROWTH_STEPS_MAX); i++) {
      millis += millis / 2;
    }
    return TimeUnit.MILLISECONDS.toNanos(Math.min(millis, capMillis));
  }

  /// @param attempt 0 for the first
  long resendNanos(int attempt) {
    return doubled(resendMillis, attempt);
  }

  /// @param attempt 0 for the first
  long fetchNanos(int attempt) {
    return doubled(fetchMillis, attempt);
  }

  private long doubled(long millis, int attempt) {
    return TimeUnit.MILLISECONDS.toNanos(
        Math.min(millis << Math.min(attempt, GROWTH_STEPS_MAX), capMillis));
  }
}
