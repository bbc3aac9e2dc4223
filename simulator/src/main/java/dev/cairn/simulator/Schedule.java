package dev.cairn.simulator;

import dev.cairn.machine.Clock;
import dev.cairn.machine.Now;
import java.util.PriorityQueue;

/// Virtual time: what is to happen, in order of time and then of arrival. Time moves only from one
/// event to the next.
///
/// Owner: the [Simulation].
final class Schedule implements Clock {

  /// Header times start here: 2026-01-01 00:00 UTC.
  static final long WALL_MILLIS_START = 1_767_225_600_000L;

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

  @Override
  public Now now() {
    return new Now(nanos, WALL_MILLIS_START + nanos / 1_000_000);
  }

  void at(long whenNanos, Runnable action) {
    events.add(new Event(Math.max(whenNanos, nanos), scheduled++, action));
  }

  void after(long delayNanos, Runnable action) {
    at(nanos + delayNanos, action);
  }

  /// Lets everything happen that is due up to `untilNanos`.
  ///
  /// @param eventsMax stops with an exception after so many: a loop that takes no time
  void run(long untilNanos, long eventsMax) {
    long left = eventsMax;
    while (!events.isEmpty() && events.peek().nanos() <= untilNanos) {
      Event event = events.remove();
      nanos = event.nanos();
      event.action().run();
      if (--left < 0) {
        throw new IllegalStateException("more than " + eventsMax + " events by " + now());
      }
    }
    nanos = Math.max(nanos, untilNanos);
  }
}
