package dev.cairn.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The faults of a seed, in rounds: a storm, and the calm after it. What strikes is dealt from
/// shuffled decks, so that every kind comes several times in every seed; when and whom it strikes
/// is drawn.
///
/// Owner: the [SeedRun].
final class Storm {

  private static final long MILLI = 1_000_000;
  private static final long DOWN_MILLIS_MAX = 1_200;
  private static final long CLOCK_MILLIS_MAX = 3_600_000;
  private static final long IDLE_NANOS = 60 * MILLI;
  private static final int EFFECTS_UNTIL_CRASH_MAX = 40;
  private static final int CRASHES_MIN = 3;
  private static final int CRASHES_MAX = 5;

  private enum Clock {
    FORWARD,
    BACK
  }

  private enum Partition {
    NONE,
    EVEN,
    MAJORITY,
    RING,
    ONE_WAY
  }

  private enum Crash {
    BETWEEN_STEPS,
    IN_EFFECTS,
    AT_PERSIST,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    ALL,
    ALL_AT_COMMIT
  }

  /// Deals each of its cards once before it deals one again.
  private final class Deck<T> {
    private final List<T> cards;
    private final List<T> left = new ArrayList<>();

    Deck(List<T> cards) {
      this.cards = cards;
    }

    T deal() {
      if (left.isEmpty()) {
        left.addAll(cards);
        random.shuffle(left);
      }
      return left.removeLast();
    }
  }

  private final World world;
  private final Scenario scenario;
  private final SimRandom random;
  private final List<SimNode> liars;
  private final Deck<Partition> partitions = new Deck<>(List.of(Partition.values()));
  private final Deck<Crash> crashes =
      new Deck<>(
          List.of(
              Crash.BETWEEN_STEPS,
              Crash.IN_EFFECTS,
              Crash.AT_PERSIST,
              Crash.AT_PERSIST,
              Crash.AT_PERSIST,
              Crash.BEFORE_COMMIT,
              Crash.AFTER_COMMIT,
              Crash.ALL,
              Crash.ALL_AT_COMMIT));
  private final Deck<Clock> clocks = new Deck<>(List.of(Clock.values()));
  private final Deck<Fault> lies;
  private int round;

  Storm(World world, Scenario scenario, SimRandom random, List<SimNode> liars) {
    this.world = world;
    this.scenario = scenario;
    this.random = random;
    this.liars = liars;
    this.lies = new Deck<>(world.side().lies());
    idle();
  }

  /// Liars that need no occasion act from time to time, in the calm too.
  private void idle() {
    for (SimNode node : liars) {
      if (node.up() && node.liar() != null) {
        node.liar().idle();
      }
    }
    world.schedule().after(IDLE_NANOS / 2 + random.nextLong(IDLE_NANOS), this::idle);
  }

  /// Rounds so far.
  int rounds() {
    return round;
  }

  /// Lets a storm rage for one to three seconds.
  void rage() {
    round++;
    long nanos = random.nextLong(800 * MILLI, 2_200 * MILLI);
    world.trace().line(world.schedule().nanos(), -1, "storm " + round);
    world.network().weather(Weather.storm(scenario, random));
    for (SimNode liar : liars) {
      Fault lie = lies.deal();
      if (liar.liar() != null) {
        liar.liar().lie(lie);
      }
    }
    int myRound = round;
    within(nanos / 2, myRound, this::partition);
    within(nanos, myRound, this::jump);
    for (int i = random.nextInt(CRASHES_MIN, CRASHES_MAX + 1); i > 0; i--) {
      Crash crash = crashes.deal();
      within(nanos, myRound, () -> strike(crash, myRound));
    }
    world.run(nanos);
  }

  private void within(long nanos, int inRound, Runnable action) {
    world
        .schedule()
        .after(
            random.nextLong(nanos),
            () -> {
              if (round == inRound) {
                action.run();
              }
            });
  }

  /// Ends all faults but the lies: the network is whole, the clocks are right, all nodes run.
  void calm() {
    round++;
    world.trace().line(world.schedule().nanos(), -1, "calm");
    world.network().heal();
    world.network().weather(Weather.calm());
    for (SimNode node : world.nodes()) {
      node.calm();
      node.skew(0);
      world.start(node);
    }
  }

  private void partition() {
    Partition kind = partitions.deal();
    int size = world.nodes().size();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    random.shuffle(order);
    world.trace().line(world.schedule().nanos(), -1, "partition " + kind + " " + order);
    switch (kind) {
      case NONE -> {}
      case EVEN -> {
        world.faults().add(Fault.PARTITION_EVEN);
        split(order, size / 2, true);
      }
      case MAJORITY -> {
        world.faults().add(Fault.PARTITION_MAJORITY);
        split(order, random.nextInt(1, Math.max(2, (size + 2) / 3)), true);
      }
      case ONE_WAY -> {
        world.faults().add(Fault.PARTITION_ONE_WAY);
        split(order, random.nextInt(1, Math.max(2, size)), false);
      }
      case RING -> {
        world.faults().add(Fault.PARTITION_RING);
        ring(order);
      }
    }
    if (kind != Partition.NONE && random.nextBoolean()) {
      breakConnections();
    }
  }

  /// What the first `few` say does not reach the rest, and in a full partition the other way round.
  private void split(List<Integer> order, int few, boolean bothWays) {
    for (int i = 0; i < few; i++) {
      for (int j = few; j < order.size(); j++) {
        world.network().cut(order.get(i), order.get(j));
        if (bothWays) {
          world.network().cut(order.get(j), order.get(i));
        }
      }
    }
  }

  private void ring(List<Integer> order) {
    int size = order.size();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        int apart = Math.floorMod(i - j, size);
        if (apart > 1 && apart < size - 1) {
          world.network().cut(order.get(i), order.get(j));
        }
      }
    }
  }

  /// A partition that lasts ends the connections across it; a short one does not.
  private void breakConnections() {
    for (int a = 0; a < world.nodes().size(); a++) {
      for (int b = 0; b < a; b++) {
        if (!world.network().joined(a, b)) {
          world.part(a, b);
        }
      }
    }
  }

  private void strike(Crash crash, int inRound) {
    SimNode node = world.nodes().get(random.nextInt(world.nodes().size()));
    switch (crash) {
      case BETWEEN_STEPS -> world.crashed(node, Fault.CRASH);
      case IN_EFFECTS -> node.plan().afterEffects(random.nextInt(EFFECTS_UNTIL_CRASH_MAX));
      case AT_PERSIST -> validator().plan().atPersist();
      case BEFORE_COMMIT -> node.crashAtCommit(SimStore.Cut.BEFORE);
      case AFTER_COMMIT -> node.crashAtCommit(SimStore.Cut.AFTER);
      case ALL -> cutAll(inRound);
      case ALL_AT_COMMIT ->
          world.referee().atNextBlock(() -> world.schedule().after(0, () -> cutAll(inRound)));
    }
    restartAll(inRound);
  }

  private void cutAll(int inRound) {
    if (round != inRound) {
      return;
    }
    world.faults().add(Fault.POWER_CUT);
    for (SimNode each : world.nodes()) {
      world.crashed(each, Fault.CRASH);
    }
    restartAll(inRound);
  }

  private SimNode validator() {
    return world.nodes().get(random.nextInt(scenario.nodes()));
  }

  /// Whoever is down when its turn comes starts again.
  private void restartAll(int inRound) {
    Consumer<SimNode> restart =
        node ->
            world
                .schedule()
                .after(
                    random.nextLong(DOWN_MILLIS_MAX * MILLI),
                    () -> {
                      if (round == inRound) {
                        world.start(node);
                      }
                    });
    world.nodes().forEach(restart);
  }

  /// One node's clock goes wrong, by milliseconds or by up to an hour.
  private void jump() {
    SimNode node = world.nodes().get(random.nextInt(world.nodes().size()));
    long most = random.nextBoolean() ? CLOCK_MILLIS_MAX : 2_000;
    long by = random.nextLong(1, most);
    Clock clock = clocks.deal();
    node.skew(clock == Clock.FORWARD ? by : -by);
    world.faults().add(clock == Clock.FORWARD ? Fault.CLOCK_FORWARD : Fault.CLOCK_BACK);
    world.trace().line(world.schedule().nanos(), node.index(), "clock " + clock + " " + by);
  }
}
