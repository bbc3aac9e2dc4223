package dev.cairn.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.peer.ChainView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// One validator and its followers through loss, partitions and crashes. `-Dcairn.seed=N` replays
/// one seed, `-Dcairn.seeds=N` tries so many.
class PeerSimTest {

  private static final int PEERS = 5;
  private static final int SEEDS = Integer.getInteger("cairn.seeds", 8);

  /// An account that no fault leaves a gap in.
  private static final int QUIET_ACCOUNT = 15;

  private record Outcome(String trace, long height, String summary) {}

  @Test
  void peers_converge_after_loss_partitions_and_crashes() {
    Long only = Long.getLong("cairn.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? SEEDS : only;
    for (long seed = first; seed <= last; seed++) {
      Outcome outcome = run(seed);
      assertTrue(outcome.height() > 5, "seed " + seed + ": " + outcome.summary());
    }
  }

  @Test
  void the_same_seed_gives_the_same_trace() {
    assertEquals(run(77), run(77));
    assertNotEquals(run(77).trace(), run(78).trace());
  }

  private static Outcome run(long seed) {
    Simulation simulation = new Simulation(seed, PEERS, LinkParams.lossy());
    try {
      chaos(simulation);
      simulation.calm(LinkParams.lan());
      settle(simulation);
      return new Outcome(simulation.traceHash(), simulation.finalHeight(), simulation.summary());
    } catch (RuntimeException | AssertionError e) {
      simulation.lastLines().forEach(System.err::println);
      throw new AssertionError(
          "seed "
              + seed
              + "; replay with: mvn -pl simulator -am test -Dtest=PeerSimTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dcairn.seed="
              + seed,
          e);
    }
  }

  private static void chaos(Simulation simulation) {
    SplittableRandom random = simulation.random();
    simulation.startAll();
    for (int round = 0; round < 60; round++) {
      simulation.run(Duration.ofMillis(random.nextInt(10, 400)));
      int peer = random.nextInt(simulation.size());
      switch (random.nextInt(10)) {
        case 0 -> simulation.crash(peer);
        case 1 -> simulation.crashAfterEffects(peer, random.nextInt(30));
        case 2 -> simulation.cutOff(List.of(peer, (peer + 1) % simulation.size()));
        case 3 -> simulation.heal();
        case 4, 5 -> simulation.start(peer);
        default -> {
          int account = random.nextInt(QUIET_ACCOUNT);
          for (int i = random.nextInt(20); i >= 0; i--) {
            simulation.submit(peer, account, 0);
          }
        }
      }
    }
  }

  /// All come to one chain, which goes on, and nobody is blamed who did no wrong.
  private static void settle(Simulation simulation) {
    assertTrue(simulation.runUntilSame(Duration.ofMinutes(3)), "did not converge");
    long height = simulation.finalHeight();
    assertTrue(simulation.submit(simulation.size() - 1, QUIET_ACCOUNT, 0));
    simulation.run(Duration.ofSeconds(20));
    assertTrue(simulation.runUntilSame(Duration.ofSeconds(60)), "did not go on together");
    assertTrue(simulation.finalHeight() > height, "the chain stands still");
    ChainView first = simulation.view(0);
    for (int i = 0; i < simulation.size(); i++) {
      assertEquals(first.finalized(), simulation.view(i).finalized());
      assertEquals(first.stateRoot(), simulation.view(i).stateRoot());
      assertEquals(false, simulation.view(i).syncing(), "n" + i + " still syncing");
    }
    assertEquals(Optional.empty(), simulation.fault());
  }
}
