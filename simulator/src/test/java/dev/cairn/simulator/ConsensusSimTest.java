package dev.cairn.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.simulator.Scenario.EngineKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Whole networks through storms; and with a rule left out, the fork that the rule prevents.
/// `-Dcairn.seeds=N` tries so many.
class ConsensusSimTest {

  private static final int SEEDS = Integer.getInteger("cairn.seeds", 8);
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int BROKEN_SEEDS = 20;

  private static Scenario scenario(int nodes, int observers, Break broken) {
    OptionalInt drawn = OptionalInt.empty();
    return new Scenario(
        EngineKind.SIMPLEX, nodes, observers, 100, drawn, drawn, drawn, true, true, broken);
  }

  private static Campaign.Result hold(Scenario scenario, long from, long to)
      throws InterruptedException {
    Campaign.Result result =
        Campaign.run(new Campaign.Plan(scenario, from, to, THREADS, false), seed -> {});
    List<String> failures =
        result.failures().stream()
            .map(f -> "seed " + f.seed() + ": " + f.failure().orElseThrow().what())
            .toList();
    assertEquals(
        List.of(), failures, "cairn simulate consensus --nodes " + scenario.nodes() + " --seed N");
    assertTrue(result.blocksMin() >= scenario.blocks());
    return result;
  }

  @Test
  void seven_validators_agree_and_go_on_through_everything() throws InterruptedException {
    Campaign.Result result = hold(scenario(7, 1, Break.NONE), 1, SEEDS);
    for (Fault fault : Fault.values()) {
      assertTrue(
          fault == Fault.WITHHOLD || result.faultsMin().get(fault) >= 3,
          fault.key() + " came " + result.faultsMin().get(fault) + " times in a seed");
    }
  }

  @Test
  void four_validators_agree_and_go_on() throws InterruptedException {
    hold(scenario(4, 1, Break.NONE), 1, 5);
  }

  @Test
  void one_validator_and_its_followers_agree_and_go_on() throws InterruptedException {
    hold(scenario(1, 4, Break.NONE), 1, 5);
  }

  @Test
  void miners_come_to_one_chain_after_every_storm() throws InterruptedException {
    OptionalInt drawn = OptionalInt.empty();
    Scenario miners =
        new Scenario(EngineKind.POW, 7, 1, 100, drawn, drawn, drawn, true, true, Break.NONE);
    Campaign.Result result = hold(miners, 1, 4);
    assertTrue(result.faults().get(Fault.WITHHOLD) >= 12);
    assertEquals(Campaign.run(miners, 1).traceHash(), Campaign.run(miners, 1).traceHash());
  }

  @Test
  void the_same_seed_gives_the_same_trace() {
    Scenario scenario = scenario(7, 1, Break.NONE);
    String first = Campaign.run(scenario, 77).traceHash();
    assertEquals(first, Campaign.run(scenario, 77).traceHash());
    assertNotEquals(first, Campaign.run(scenario, 78).traceHash());
  }

  @Test
  void a_campaign_runs_each_seed_twice_and_two_campaigns_add_up() throws InterruptedException {
    Campaign.Plan plan = new Campaign.Plan(Scenario.of(EngineKind.SIMPLEX), 1, 2, THREADS, true);
    Campaign.Result twice = Campaign.run(plan, seed -> {});
    assertEquals(List.of(), twice.failures());
    Campaign.Result both = twice.and(twice);
    assertEquals(4, both.seeds());
    assertEquals(2 * twice.faults().get(Fault.CRASH), both.faults().get(Fault.CRASH));
    assertEquals(twice.faultsMin().get(Fault.CRASH), both.faultsMin().get(Fault.CRASH));
    assertEquals(twice.blocksMin(), both.blocksMin());
    assertNotEquals(twice.traceHash(), both.traceHash());
  }

  @Test
  void a_seed_with_two_traces_fails() {
    SeedResult result = Campaign.run(Scenario.of(EngineKind.SIMPLEX), 1);
    SeedResult.Failure failure = result.failedBy("trace", "another").failure().orElseThrow();
    assertEquals("trace", failure.kind());
  }

  private static Optional<SeedResult> fork(Break broken) {
    for (long seed = 1; seed <= BROKEN_SEEDS; seed++) {
      SeedResult result = Campaign.run(scenario(7, 1, broken), seed);
      if (result.failure().filter(SeedResult.Failure::conflict).isPresent()) {
        return Optional.of(result);
      }
    }
    return Optional.empty();
  }

  @Test
  void without_durable_votes_there_is_a_fork() {
    assertTrue(fork(Break.PERSISTENCE).isPresent());
  }

  @Test
  void with_a_quorum_of_a_third_there_is_a_fork() {
    assertTrue(fork(Break.QUORUM).isPresent());
  }

  @Test
  void when_skip_and_final_may_both_be_voted_there_is_a_fork() {
    assertTrue(fork(Break.SKIP_FINAL).isPresent());
  }
}
