package dev.cairn.libp2p.kad;

/// A look-up with what it is for. Owner: its [Operations].
final class Operation {

  final long id;
  final Goal goal;
  final Lookup lookup;
  final long deadlineNanos;

  /// The look-up is over; what it led to is being sent.
  boolean sending;

  /// Messages sent that have had no effect yet.
  int unsettled;

  /// Peers that took what was sent to them.
  int taken;

  Operation(long id, Goal goal, Lookup lookup, long deadlineNanos) {
    this.id = id;
    this.goal = goal;
    this.lookup = lookup;
    this.deadlineNanos = deadlineNanos;
  }
}
