package dev.cairn.simulator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.simulator.Scenario.EngineKind;
import dev.cairn.simulator.SyncLiar.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A node that comes late to a chain whose peers lie to it, all in virtual time. The referee sees
/// that no node ever has a wrong block.
class SyncSimTest {

  private static final long SECOND = 1_000_000_000L;
  private static final int BLOCKS = 400;

  private final List<SyncLiar> liars = new ArrayList<>();

  /// A validator or miner and followers, of which some lie, and a node that starts when the chain
  /// is long.
  ///
  /// @param peers that it can sync from
  /// @return the virtual time until that node has all of it
  private long catchUpNanos(EngineKind engine, int peers, List<Way> ways) {
    OptionalInt none = OptionalInt.of(0);
    Scenario scenario =
        new Scenario(engine, 1, peers, BLOCKS, none, none, none, false, false, Break.NONE);
    SimRandom random = new SimRandom(11);
    Side side =
        engine == EngineKind.POW
            ? new PowSide(scenario)
            : new SimplexSide(scenario, random.split());
    World world =
        new World(
            random.split(), peers + 1, side, VirtualNetwork.Distances.NONE, scenario.broken());
    world.network().weather(Weather.calm());
    for (int i = 0; i < ways.size(); i++) {
      SyncLiar liar = new SyncLiar(ways.get(i));
      liars.add(liar);
      world.nodes().get(1 + i).liar(liar);
    }
    world.nodes().subList(0, peers).forEach(world::start);
    grow(world, side);
    long from = world.schedule().nanos();
    SimNode late = world.nodes().get(peers);
    // The liars come first: the honest ones are out of reach for a while.
    for (int i = 0; i < peers; i++) {
      if (world.nodes().get(i).honest()) {
        world.network().cut(i, peers);
        world.network().cut(peers, i);
      }
    }
    world.start(late);
    world.run(SECOND / 2);
    assertTrue(late.finalHeight() < BLOCKS, "not without an honest peer");
    world.network().heal();
    assertTrue(
        world.runUntil(() -> late.finalHeight() >= BLOCKS, 120 * SECOND),
        "it came to block " + late.finalHeight());
    return world.schedule().nanos() - from;
  }

  private static void grow(World world, Side side) {
    SimNode maker = world.nodes().getFirst();
    List<Ed25519Key> accounts = side.accounts();
    Address to = Address.of(accounts.getFirst().publicKey());
    for (int i = 0; maker.finalHeight() < BLOCKS; i++) {
      world.submit(maker, accounts.get(i % accounts.size()), new Transfer(to, 1));
      world.run(SECOND / 50);
      assertTrue(i < 100 * BLOCKS, "the chain grows");
    }
    world.run(SECOND);
  }

  @ParameterizedTest
  @EnumSource
  void seven_liars_of_eight_do_not_keep_a_node_from_the_chain(EngineKind engine) {
    long honest = catchUpNanos(engine, 8, List.of());
    long nanos = catchUpNanos(engine, 8, List.of(Way.values()));
    assertTrue(nanos <= 3 * honest + 5 * SECOND, nanos + " ns after " + honest);
    for (SyncLiar liar : liars) {
      assertTrue(liar.lies() > 0, "each was asked");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_peer_that_lies_costs_no_more_than_its_share(EngineKind engine) {
    long honest = catchUpNanos(engine, 3, List.of());
    for (Way way : Way.values()) {
      liars.clear();
      long nanos = catchUpNanos(engine, 3, List.of(way));
      assertTrue(liars.getFirst().lies() > 0, way + " was asked");
      // Each time-out leaves the liar alone for twice as long as the one before.
      assertTrue(nanos <= 3 * honest, way + ": " + nanos + " ns after " + honest);
    }
  }
}
