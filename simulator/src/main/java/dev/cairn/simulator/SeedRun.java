package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One seed from genesis to the end: storms and calms until enough blocks are final and each kind
/// of fault has come several times.
///
/// Owner: the thread that runs it.
final class SeedRun {

  /// After all faults ended every honest node has to gain [#PROGRESS_BLOCKS] within this virtual
  /// time.
  static final long PROGRESS_NANOS = 20_000_000_000L;

  static final int PROGRESS_BLOCKS = 3;

  /// Each kind of fault comes at least so often.
  static final int FAULTS_MIN = 3;

  private static final int ROUNDS_MAX = 400;
  private static final int BROKEN_ROUNDS_MAX = 400;
  private static final long LOAD_NANOS = 40_000_000;
  private static final int ORDERS_ONE_IN = 10;
  private static final long CALM_NANOS_MIN = 100_000_000L;
  private static final long CALM_NANOS_MAX = 400_000_000L;

  private final long seed;
  private final Scenario scenario;
  private final World world;
  private final Storm storm;
  private final List<SimNode> honest = new ArrayList<>();
  private final SimRandom random;
  private boolean loaded = true;

  SeedRun(long seed, Scenario scenario) {
    this.seed = seed;
    this.scenario = scenario;
    this.random = new SimRandom(seed * 1_000_003L + scenario.nodes());
    Side side =
        switch (scenario.engine()) {
          case SIMPLEX -> new SimplexSide(scenario, random.split());
          case POW -> new PowSide(scenario);
        };
    int size = scenario.nodes() + scenario.observers();
    this.world =
        new World(random.split(), size, side, VirtualNetwork.Distances.NONE, scenario.broken());
    List<SimNode> liars = chooseLiars(side);
    this.storm = new Storm(world, scenario, random.split(), liars);
    world.nodes().stream().filter(SimNode::honest).forEach(honest::add);
    if (random.nextBoolean() && scenario.broken() == Break.NONE) {
      world.punish();
    }
  }

  private List<SimNode> chooseLiars(Side side) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scenario.nodes(); i++) {
      order.add(i);
    }
    random.shuffle(order);
    List<Integer> chosen = new ArrayList<>();
    for (int node : order) {
      List<Integer> more = new ArrayList<>(chosen);
      more.add(node);
      if (more.size() <= scenario.byzantine().orElse(scenario.nodes()) && side.tolerates(more)) {
        chosen = more;
      }
    }
    List<SimNode> liars = new ArrayList<>();
    for (int node : chosen) {
      SimNode liar = world.nodes().get(node);
      liar.liar(side.liar(world, node));
      liars.add(liar);
    }
    return liars;
  }

  SeedResult run() {
    Optional<SeedResult.Failure> failure = Optional.empty();
    try {
      play();
    } catch (Violation v) {
      failure = Optional.of(failure(v.kind(), String.valueOf(v.getMessage())));
    }
    return new SeedResult(
        seed,
        world.referee().height(),
        world.faults(),
        world.trace().hash(),
        world.schedule().nanos() / 1_000_000,
        world.schedule().steps(),
        failure);
  }

  private SeedResult.Failure failure(Violation.Kind kind, String what) {
    return new SeedResult.Failure(
        kind == Violation.Kind.CONFLICT,
        kind == Violation.Kind.STALLED,
        kind.name().toLowerCase(Locale.ROOT),
        what,
        world.trace().last());
  }

  private void play() {
    load();
    storm.calm();
    if (scenario.broken() != Break.NONE) {
      playBroken();
      return;
    }
    progress();
    while (storm.rounds() < ROUNDS_MAX && !enough()) {
      storm.rage();
      storm.calm();
      progress();
      world.run(random.nextLong(CALM_NANOS_MIN, CALM_NANOS_MAX));
    }
    loaded = false;
    if (!world.runUntil(this::together, PROGRESS_NANOS)) {
      throw stalled("the nodes did not come to the same final block");
    }
  }

  /// With a rule left out nothing but a fork is looked for.
  private void playBroken() {
    world.run(CALM_NANOS_MAX);
    while (storm.rounds() < BROKEN_ROUNDS_MAX) {
      storm.rage();
      storm.calm();
      world.run(random.nextLong(CALM_NANOS_MIN, CALM_NANOS_MAX));
    }
  }

  private boolean enough() {
    if (world.referee().height() < scenario.blocks()) {
      return false;
    }
    for (Fault fault : Fault.values()) {
      if (expected(fault) && world.faults().get(fault) < FAULTS_MIN) {
        return false;
      }
    }
    return true;
  }

  /// Whether this scenario has the fault at all.
  private boolean expected(Fault fault) {
    return switch (fault) {
      case DROP -> scenario.lossPerMille().orElse(1) > 0;
      case DUPLICATE -> scenario.duplicate();
      case REORDER -> scenario.reorder();
      case HEAVY_TAIL, CRASH, CRASH_IN_EFFECTS, CRASH_IN_COMMIT, POWER_CUT -> true;
      case LOST_WRITES, CLOCK_FORWARD, CLOCK_BACK -> true;
      case PARTITION_EVEN, PARTITION_MAJORITY, PARTITION_RING, PARTITION_ONE_WAY ->
          world.nodes().size() > 3;
      default ->
          world.side().lies().contains(fault)
              && world.nodes().stream().anyMatch(node -> !node.honest());
    };
  }

  /// Every so often some node is given a transaction.
  private void load() {
    if (loaded) {
      SimNode node = world.nodes().get(random.nextInt(world.nodes().size()));
      if (random.nextInt(ORDERS_ONE_IN) == 0) {
        world
            .side()
            .order(random)
            .ifPresent(order -> world.submit(node, order.from(), order.payload()));
      } else {
        List<Ed25519Key> accounts = world.side().accounts();
        Address to = Address.of(accounts.get(random.nextInt(accounts.size())).publicKey());
        Transfer transfer = new Transfer(to, random.nextInt(1, 1_000));
        world.submit(node, accounts.get(random.nextInt(accounts.size())), transfer);
      }
    }
    world.schedule().after(LOAD_NANOS / 2 + random.nextLong(LOAD_NANOS), this::load);
  }

  /// Every honest node gains blocks within the bound, or the seed has failed.
  private void progress() {
    long target = world.referee().height() + PROGRESS_BLOCKS;
    if (!world.runUntil(
        () -> honest.stream().allMatch(n -> n.finalHeight() >= target), PROGRESS_NANOS)) {
      throw stalled("not all honest nodes came to block " + target);
    }
  }

  /// All have the same final block, and build on the same one: of branches the one with the most
  /// work.
  private boolean together() {
    return honest.stream().allMatch(n -> n.up() && n.finalHeight() == world.referee().height())
        && honest.stream().map(n -> n.view().head()).distinct().count() == 1;
  }

  private Violation stalled(String what) {
    StringBuilder heights = new StringBuilder();
    for (SimNode node : world.nodes()) {
      heights.append(' ').append(node.honest() ? "" : "(liar)").append(node.finalHeight());
    }
    return new Violation(
        Violation.Kind.STALLED,
        what
            + " within "
            + PROGRESS_NANOS / 1_000_000_000
            + " s after healing; heights:"
            + heights);
  }
}
