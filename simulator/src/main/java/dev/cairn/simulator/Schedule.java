package dev.cairn.simulator;

import java.util.PriorityQueue;

/// Virtual time: what is to happen, in order of time and then of arrival. Time moves only from one
/// event to the next, and each event is a step of the simulation.
///
/// Owner: the simulated world.
public final class Schedule {

  /// Header times start here: 2026-01-01 00:00 UTC.
  public static final long WALL_MILLIS_START = 1_767_225_600_000L;

  private record Event(long nanos, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nanos;
  private long scheduled;
  private long steps;

  public Schedule() {}

  /// The time now.
  public long nanos() {
    return nanos;
  }

  /// Events that have happened.
  public long steps() {
    return steps;
  }

  /// Lets something happen at a time; at once when that has passed.
  public void at(long whenNanos, Runnable action) {
    events.add(new Event(Math.max(whenNanos, nanos), scheduled++, action));
  }

  /// Lets something happen in so long from now.
  public void after(long delayNanos, Runnable action) {
    at(nanos + delayNanos, action);
  }

  /// Lets the next event happen, if it is due by `untilNanos`; false when none is, and then it is
  /// that time.
  public boolean step(long untilNanos) {
    Event event = events.peek();
    if (event == null || event.nanos() > untilNanos) {
      nanos = Math.max(nanos, untilNanos);
      return false;
    }
    events.remove();
    nanos = event.nanos();
    steps++;
    event.action().run();
    return true;
  }
}
