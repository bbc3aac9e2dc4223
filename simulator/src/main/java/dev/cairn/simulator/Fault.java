package dev.cairn.simulator;

import java.util.Locale;

/// The kinds of faults that a simulation makes, each counted by itself.
public enum Fault {
  /// A message vanished.
  DROP,
  /// A message arrived twice.
  DUPLICATE,
  /// A message overtook an earlier one on the same link.
  REORDER,
  /// A message took at least eight times as long as others do.
  HEAVY_TAIL,
  /// The nodes fell into two halves.
  PARTITION_EVEN,
  /// A few nodes were cut off from the rest.
  PARTITION_MAJORITY,
  /// Each node heard only its two neighbours.
  PARTITION_RING,
  /// Some nodes heard the rest and were not heard.
  PARTITION_ONE_WAY,
  /// A node stopped between two steps.
  CRASH,
  /// A node stopped in the middle of a list of effects.
  CRASH_IN_EFFECTS,
  /// A node stopped while it made blocks final.
  CRASH_IN_COMMIT,
  /// A node stopped and lost what it had written and not synced.
  LOST_WRITES,
  /// All nodes stopped at once.
  POWER_CUT,
  CLOCK_FORWARD,
  CLOCK_BACK,
  /// A validator told some peers one thing and others another.
  EQUIVOCATE,
  /// A validator kept a message to itself.
  SILENT,
  /// A validator sent a message far too late.
  LATE,
  /// A validator voted for slots and epochs that have not begun.
  FUTURE,
  /// A validator sent a message that nobody may believe.
  GARBAGE,
  /// A validator sent an old message again.
  REPLAY,
  /// A miner kept its blocks to itself for a while.
  WITHHOLD;

  /// Its name in reports: lower case, with hyphens.
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
