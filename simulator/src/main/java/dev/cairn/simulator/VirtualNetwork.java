package dev.cairn.simulator;

/// Links between all pairs of nodes, seeded. What gossip sends as messages may be delayed, lost,
/// doubled and overtaken; what goes over a stream comes in order or, when the connection ends, not
/// at all. Nothing passes a link that is cut, and each direction is cut by itself.
///
/// Owner: the [World].
final class VirtualNetwork {

  private static final long MICRO = 1_000;

  /// What TCP takes to try again on a link that is cut.
  private static final long RETRY_NANOS = 200_000_000;

  private final Schedule schedule;
  private final SimRandom random;
  private final FaultCounts faults;
  private final boolean[][] cut;
  private final int[][] session;
  private final long[][] lastArrival;
  private final long[] lateNanos;
  private final boolean[] silent;
  private final Distances distances;
  private Weather weather = Weather.calm();
  private long sent;

  /// The least microseconds from one node to another, beside the weather.
  @FunctionalInterface
  interface Distances {
    Distances NONE = (from, to) -> 0;

    long micros(int from, int to);
  }

  VirtualNetwork(
      int nodes, Schedule schedule, SimRandom random, FaultCounts faults, Distances distances) {
    this.schedule = schedule;
    this.random = random;
    this.faults = faults;
    this.cut = new boolean[nodes][nodes];
    this.session = new int[nodes][nodes];
    this.lastArrival = new long[nodes][nodes];
    this.lateNanos = new long[nodes];
    this.silent = new boolean[nodes];
    this.distances = distances;
  }

  void weather(Weather next) {
    weather = next;
  }

  void cut(int from, int to) {
    cut[from][to] = true;
  }

  void heal() {
    for (boolean[] row : cut) {
      java.util.Arrays.fill(row, false);
    }
  }

  /// Whether messages pass in both directions.
  boolean joined(int a, int b) {
    return !cut[a][b] && !cut[b][a];
  }

  /// A liar's gossip leaves so much later; 0 for at once.
  void late(int node, long nanos) {
    lateNanos[node] = nanos;
  }

  /// A silent node's messages go nowhere.
  void silent(int node, boolean on) {
    silent[node] = on;
  }

  /// The connection between the two ended: what is under way on its streams never arrives.
  void newSession(int a, int b) {
    session[a][b]++;
    session[b][a]++;
  }

  /// Sends a message of gossip.
  void message(int from, int to, Runnable arrival) {
    sent++;
    if (silent[from]) {
      faults.add(Fault.SILENT);
      return;
    }
    if (random.chance(weather.lossPerMille())) {
      faults.add(Fault.DROP);
      return;
    }
    if (cut[from][to]) {
      return;
    }
    deliver(from, to, arrival);
    if (random.chance(weather.duplicatePerMille())) {
      faults.add(Fault.DUPLICATE);
      deliver(from, to, arrival);
    }
  }

  private void deliver(int from, int to, Runnable arrival) {
    long at = schedule.nanos() + delayNanos(from, to) + lateNanos[from];
    if (lateNanos[from] > 0) {
      faults.add(Fault.LATE);
    } else if (at < lastArrival[from][to]) {
      if (random.chance(weather.reorderPerMille())) {
        faults.add(Fault.REORDER);
      } else {
        at = lastArrival[from][to];
      }
    }
    lastArrival[from][to] = Math.max(lastArrival[from][to], at);
    int now = session[from][to];
    schedule.at(
        at,
        () -> {
          if (!cut[from][to] && session[from][to] == now) {
            arrival.run();
          }
        });
  }

  /// Sends on a stream: it arrives, however often that takes, unless the connection ends.
  ///
  /// @param lost told when the connection has ended
  void stream(int from, int to, Runnable arrival, Runnable lost) {
    if (silent[from]) {
      faults.add(Fault.SILENT);
      return;
    }
    stream(from, to, session[from][to], arrival, lost);
  }

  private void stream(int from, int to, int during, Runnable arrival, Runnable lost) {
    long again = random.chance(weather.lossPerMille()) ? RETRY_NANOS : 0;
    schedule.after(
        delayNanos(from, to) + again,
        () -> {
          if (session[from][to] != during) {
            lost.run();
          } else if (cut[from][to]) {
            schedule.after(RETRY_NANOS, () -> stream(from, to, during, arrival, lost));
          } else {
            arrival.run();
          }
        });
  }

  private long delayNanos(int from, int to) {
    return MICRO * (distances.micros(from, to) + weather.delay(random, faults))
        + random.nextInt(1000);
  }

  long sent() {
    return sent;
  }
}
