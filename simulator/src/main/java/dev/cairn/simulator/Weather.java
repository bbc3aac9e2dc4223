package dev.cairn.simulator;

/// How the network treats messages, on all links alike.
///
/// @param lossPerMille of 1,000 messages, how many vanish
/// @param duplicatePerMille how many arrive twice
/// @param reorderPerMille how many may overtake others of the same link
/// @param delayMicrosMin the least time under way, in microseconds
/// @param delayMicrosMax the longest, tails aside
/// @param tailPerMille how many take up to [#TAIL_FACTOR_MAX] times as long (a Pareto tail)
record Weather(
    int lossPerMille,
    int duplicatePerMille,
    int reorderPerMille,
    int delayMicrosMin,
    int delayMicrosMax,
    int tailPerMille) {

  static final int TAIL_FACTOR_MAX = 40;

  /// What counts as a heavy tail: so many times the delay drawn.
  static final int TAIL_FACTOR_COUNTED = 8;

  static final int LOSS_PER_MILLE_MAX = 300;

  /// A near network: 5 to 12 ms and no loss.
  static Weather calm() {
    return new Weather(0, 0, 0, 5_000, 12_000, 0);
  }

  /// Nothing beside the distance.
  static Weather still() {
    return new Weather(0, 0, 0, 0, 0, 0);
  }

  /// A bad day, different each time.
  static Weather storm(Scenario scenario, SimRandom random) {
    int loss = random.nextInt(20, LOSS_PER_MILLE_MAX + 1);
    int duplicates = random.nextInt(10, 200);
    int reorder = random.nextInt(50, 500);
    int delay = random.nextInt(2_000, 100_001);
    int tail = random.nextInt(5, 50);
    return new Weather(
        scenario.lossPerMille().orElse(loss),
        scenario.duplicate() ? duplicates : 0,
        scenario.reorder() ? reorder : 0,
        500,
        scenario.delayMicros().orElse(delay),
        tail);
  }

  /// @return microseconds under way
  long delay(SimRandom random, FaultCounts faults) {
    long delay = random.nextInt(delayMicrosMin, delayMicrosMax + 1);
    if (random.chance(tailPerMille)) {
      long factor = Math.min(TAIL_FACTOR_MAX, 1000 / (1 + random.nextInt(1000)));
      if (factor >= TAIL_FACTOR_COUNTED) {
        faults.add(Fault.HEAVY_TAIL);
      }
      delay *= factor;
    }
    return delay;
  }
}
