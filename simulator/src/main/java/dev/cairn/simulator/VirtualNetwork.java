package dev.cairn.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Links between all pairs of peers, seeded: each message is delayed, dropped or doubled on its
/// own, and none passes from one side of a partition to the other.
///
/// Owner: the [Simulation].
final class VirtualNetwork {

  private final Schedule schedule;
  private final SplittableRandom random;
  private final int[] sides;
  private LinkParams link;
  private long sent;
  private long lost;

  VirtualNetwork(int peers, LinkParams link, Schedule schedule, SplittableRandom random) {
    this.sides = new int[peers];
    this.link = link;
    this.schedule = schedule;
    this.random = random;
  }

  void link(LinkParams params) {
    link = params;
  }

  /// Puts the peers named on a side of their own.
  void cutOff(List<Integer> peers) {
    for (int peer : peers) {
      sides[peer] = 1;
    }
  }

  void heal() {
    Arrays.fill(sides, 0);
  }

  /// Whether messages pass between the two.
  boolean joined(int from, int to) {
    return sides[from] == sides[to];
  }

  /// Sends something that may be lost, doubled or overtaken.
  void send(int from, int to, Runnable arrival) {
    sent++;
    List<Long> delays = new ArrayList<>(2);
    boolean dropped = random.nextInt(1000) < link.dropPerMille();
    delays.add(delay());
    if (random.nextInt(1000) < link.duplicatePerMille()) {
      delays.add(delay());
    }
    if (dropped || !joined(from, to)) {
      lost++;
      return;
    }
    for (long delay : delays) {
      schedule.after(
          delay,
          () -> {
            if (joined(from, to)) {
              arrival.run();
            }
          });
    }
  }

  private long delay() {
    return link.latency().toNanos() + random.nextLong(link.jitter().toNanos() + 1);
  }

  long sent() {
    return sent;
  }

  long lost() {
    return lost;
  }
}
