package dev.cairn.simulator.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Small networks; `cairn simulate dht` runs large ones.
class DhtSimTest {

  private static final int SLOTS_MAX = 10;

  private static DhtReport run(int attackers, boolean diversity, long seed) {
    return DhtRun.run(new DhtScenario(300, 20, 20, 200, 150, attackers, diversity, seed));
  }

  private static void requireFound(DhtReport report, int perMilleMin) {
    for (DhtReport.Kind kind : report.kinds()) {
      assertTrue(kind.asked() > 100, kind.toString());
      assertTrue(kind.perMille() >= perMilleMin, kind.toString());
      assertTrue(kind.hopsMedian() <= 3, kind.toString());
    }
  }

  @Test
  void lookups_succeed_under_churn_loss_and_nat() {
    requireFound(run(0, true, 1), 970);
  }

  @Test
  void ids_of_four_networks_get_few_slots_and_lookups_still_succeed() {
    DhtReport report = run(3_000, true, 2);
    assertTrue(report.attackerSlotsMax() <= SLOTS_MAX, report.toString());
    requireFound(report, 970);
  }

  @Test
  void without_diversity_they_get_many_more() {
    DhtReport report = run(3_000, false, 2);
    assertTrue(report.attackerSlotsMax() > 5 * SLOTS_MAX, report.toString());
    int found = report.kinds().stream().mapToInt(DhtReport.Kind::perMille).min().orElseThrow();
    assertTrue(found < 950, report.toString());
  }

  @Test
  void one_seed_gives_one_trace() {
    assertEquals(run(100, true, 3), run(100, true, 3));
    assertNotEquals(run(100, true, 3).traceHash(), run(100, true, 4).traceHash());
  }

  @Test
  void what_cannot_be_simulated_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> new DhtScenario(19, 0, 0, 0, 1, 0, true, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new DhtScenario(100, 0, 500, 0, 1, 0, true, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new DhtScenario(100, 0, 0, 0, 0, 0, true, 1));
  }
}
