package dev.cairn.simulator;

/// A rule that is left out to see that the simulation finds the fork that follows.
public enum Break {
  NONE,
  /// A validator that restarts has forgotten its votes.
  PERSISTENCE,
  /// f + 1 of 3f + 1 decide instead of 2f + 1.
  QUORUM,
  /// A validator that voted to skip a slot may finalize in it, and the other way round.
  SKIP_FINAL
}
