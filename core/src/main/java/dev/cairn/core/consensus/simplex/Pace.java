package dev.cairn.core.consensus.simplex;

import dev.cairn.machine.Now;

/// A validator's two timers: when to give up the frontier's slot, and when to send again what is
/// not settled.
///
/// The slot's timer starts only at a sign of life: a proposal or vote for the slot or a later one,
/// a transaction that can run on the head, the end of the longest silence, or a block that is stuck
/// between notarized and final. An idle chain sets neither timer.
///
/// Owner: the engine.
final class Pace {

  private final Situation situation;
  private long epoch = -1;
  private long frontier = -1;
  private long finalSlot = -1;
  private long skipAtNanos = Long.MAX_VALUE;
  private long resendAtNanos = Long.MAX_VALUE;
  private int attempt;
  private boolean started;
  private long shownAtNanos;

  Pace(Situation situation, Now now) {
    this.situation = situation;
    this.shownAtNanos = now.nanos();
  }

  /// Sets the timers after everything else has been done.
  void update(Voting voting, Leading leading, Now now) {
    Instance instance = situation.instance();
    boolean moved = instance.epoch() != epoch || instance.frontier() != frontier;
    if (moved) {
      skipAtNanos = Long.MAX_VALUE;
    }
    if (moved || instance.lastFinal().slot() != finalSlot) {
      resendAtNanos = Long.MAX_VALUE;
      attempt = 0;
      shownAtNanos = now.nanos();
    }
    epoch = instance.epoch();
    frontier = instance.frontier();
    finalSlot = instance.lastFinal().slot();
    if (voting.alone()) {
      return;
    }
    if (skipAtNanos == Long.MAX_VALUE && !skipped(voting) && alive(leading, now)) {
      skipAtNanos = now.nanos() + situation.timing().skipNanos(frontier - finalSlot - 1);
    }
    if (started && !Resend.due(situation, voting.self())) {
      resendAtNanos = Long.MAX_VALUE;
      attempt = 0;
    } else if (resendAtNanos == Long.MAX_VALUE) {
      // After a restart others may long have given up on what was on its way, or gone on.
      resendAtNanos = started ? now.nanos() + situation.timing().resendNanos(attempt) : now.nanos();
    }
    started = true;
  }

  private boolean skipped(Voting voting) {
    return situation
        .instance()
        .find(frontier)
        .flatMap(slot -> slot.skipBy(voting.self()))
        .isPresent();
  }

  private boolean alive(Leading leading, Now now) {
    return situation.pending()
        || situation.silenceAtNanos() <= now.nanos()
        || leading.stuckAtNanos() <= now.nanos()
        || situation.instance().from(frontier).values().stream().anyMatch(Slot::active);
  }

  /// Whether the frontier's time is up; asked once for each time.
  boolean skipDue(Now now) {
    boolean due = skipAtNanos <= now.nanos();
    if (due) {
      skipAtNanos = Long.MAX_VALUE;
    }
    return due;
  }

  /// Whether it is time to send again; the next time is later.
  boolean resendDue(Now now) {
    boolean due = resendAtNanos <= now.nanos();
    if (due) {
      attempt++;
      resendAtNanos = now.nanos() + situation.timing().resendNanos(attempt);
      shownAtNanos = now.nanos();
    }
    return due;
  }

  /// Whether somebody who is behind should be shown what is settled; not more often than things are
  /// sent again anyway.
  boolean showDue(Now now) {
    boolean due = shownAtNanos + situation.timing().resendNanos(0) <= now.nanos();
    if (due) {
      shownAtNanos = now.nanos();
    }
    return due;
  }

  /// The next time at which this validator must look, even if nothing comes in.
  long deadlineNanos(Voting voting, Leading leading, Now now) {
    long deadline = Math.min(voting.deadlineNanos(), leading.deadlineNanos());
    if (voting.alone()) {
      return deadline;
    }
    deadline = Math.min(deadline, Math.min(skipAtNanos, resendAtNanos));
    if (skipAtNanos == Long.MAX_VALUE && !skipped(voting)) {
      deadline = Math.min(deadline, later(situation.silenceAtNanos(), now));
      deadline = Math.min(deadline, later(leading.stuckAtNanos(), now));
    }
    return deadline;
  }

  private static long later(long at, Now now) {
    return at > now.nanos() ? at : Long.MAX_VALUE;
  }
}
