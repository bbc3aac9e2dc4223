package dev.cairn.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole networks of discovery machines in virtual time.
class EclipseSimTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void two_hundred_nodes_that_know_one_find_enough_others(long seed) {
    Town town = new Town(seed, 200, 0, 1, DiscoveryParams.STANDARD);
    town.run(Duration.ofMinutes(10));
    for (int i = 0; i < 200; i++) {
      assertTrue(town.outbound(i) >= 8, "seed " + seed + ": node " + i + " " + town.outbound(i));
      assertTrue(town.regions(i) >= 6, "seed " + seed + ": node " + i + " " + town.regions(i));
    }
    assertEquals(200, town.reachableFrom(5));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void two_thousand_attackers_in_four_regions_get_few_places(long seed) {
    Town town = new Town(seed, 200, 2_000, 4, DiscoveryParams.STANDARD);
    town.run(Duration.ofMinutes(10));
    int most = 0;
    for (int i = 0; i < 200; i++) {
      most = Math.max(most, town.attackers(i));
      assertTrue(town.outbound(i) >= 8, "node " + i + " has " + town.outbound(i));
    }
    assertTrue(most <= 4, "one place for each of 4 regions at most, not " + most);
    assertEquals(200, town.honestReachableFrom(5));
  }

  @Test
  void without_the_limits_they_would_get_most_places() {
    DiscoveryParams p = DiscoveryParams.STANDARD;
    DiscoveryParams unlimited =
        new DiscoveryParams(
            p.outbound(),
            0,
            p.outbound(),
            p.outbound(),
            p.peersMax(),
            p.dials(),
            p.dialTime(),
            p.welcome(),
            p.feeler(),
            p.ask(),
            p.walk(),
            p.settle(),
            p.save());
    Town town = new Town(1, 200, 2_000, 4, unlimited);
    town.run(Duration.ofMinutes(10));
    double mean = town.attackersInAll() / 200.0;
    assertTrue(mean > 5, mean + " of 8 places on average");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyone_comes_back_after_a_restart_with_the_first_node_gone(long seed) {
    Town town = new Town(seed, 60, 0, 1, DiscoveryParams.STANDARD);
    town.run(Duration.ofMinutes(10));
    town.remove(0);
    town.restart(7);
    town.add(3);
    town.run(Duration.ofMinutes(3));
    assertTrue(town.outbound(7) >= 8, "restarted: " + town.outbound(7));
    assertTrue(town.outbound(60) >= 8, "newcomer: " + town.outbound(60));
  }
}
