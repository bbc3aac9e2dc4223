package dev.cairn.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.sync.HeadersRequest;
import dev.cairn.core.sync.RangeRequest;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole peers of a proof-of-work chain under virtual time: miners with a seeded luck, a network
/// that can be cut in two, crashes of all at once.
class PowPeersTest {

  static final TestChain ACCOUNTS = new TestChain(4);

  static ChainSpec spec(int finalityDepth) {
    List<GenesisAccount> funded = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      funded.add(new GenesisAccount(ACCOUNTS.address(i), TestChain.FUNDS));
    }
    return new ChainSpec(
        "work",
        new PowParams(1_000, 60_000, 64, 2, finalityDepth),
        TestChain.GENESIS_TIME,
        funded,
        1,
        200_000,
        List.of(1, 2, 3),
        List.of());
  }

  private static Transaction transfer(ChainSpec spec, int from, long nonce, long amount) {
    return Transaction.sign(
        spec.domainAt(1),
        ACCOUNTS.accountKey(from),
        nonce,
        TestChain.FEE,
        TestChain.GENESIS_TIME + 3_600_000,
        new Transfer(Address.of(new byte[32]), amount));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void one_chain_after_a_split_and_the_losing_sides_transactions_are_kept(long seed) {
    ChainSpec spec = spec(48);
    PowWorld world = new PowWorld(spec, 4, seed);
    world.run(10_000);
    world.cut(2);
    Transaction left = transfer(spec, 0, 0, 5);
    Transaction right = transfer(spec, 1, 0, 7);
    world.submit(0, left);
    world.submit(3, right);
    world.run(20_000);
    assertTrue(world.includes(1, left), "the left half mines its own");
    assertTrue(world.includes(2, right), "and the right half too");
    assertTrue(!world.view(0).head().equals(world.view(3).head()));
    world.heal();
    world.runUntil(120_000, () -> world.sameHead());
    world.runUntil(
        600_000,
        () -> {
          boolean all = true;
          for (int i = 0; i < 4; i++) {
            all &= world.isFinal(i, left) && world.isFinal(i, right);
          }
          return all;
        });
    world.check();
  }

  @Test
  void blocks_that_are_not_final_survive_the_restart_of_all() {
    ChainSpec spec = spec(48);
    PowWorld world = new PowWorld(spec, 3, 42);
    Transaction one = transfer(spec, 0, 0, 5);
    world.submit(0, one);
    world.run(15_000);
    world.runUntil(60_000, world::sameHead);
    long height = world.view(0).height();
    assertTrue(height > 3 && world.view(0).finalizedHeight() == 0);
    assertTrue(world.includes(1, one));
    for (int i = 0; i < 3; i++) {
      world.crash(i);
    }
    for (int i = 0; i < 3; i++) {
      world.start(i);
    }
    assertTrue(world.view(0).height() >= height, "reloaded " + world.view(0).height());
    assertTrue(world.includes(2, one));
    world.run(60_000);
    world.check();
    assertTrue(world.isFinal(1, one));
  }

  @Test
  void who_was_away_for_long_fetches_headers_and_ranges_and_joins_the_chain() {
    ChainSpec spec = spec(8);
    PowWorld world = new PowWorld(spec, 4, 11);
    world.run(30_000);
    world.crash(3);
    Transaction one = transfer(spec, 0, 0, 5);
    world.submit(0, one);
    world.run(400_000);
    long finalized = world.view(0).finalizedHeight();
    world.start(3);
    assertTrue(finalized - world.view(3).finalizedHeight() > 8 + 64, "behind by " + finalized);
    world.runUntil(60_000, world::sameHead);
    assertTrue(world.requests(HeadersRequest.class) >= 3, "every peer shows its branch");
    assertTrue(world.requests(RangeRequest.class) >= 4, "and blocks come in ranges");
    assertTrue(world.isFinal(3, one));
    world.run(60_000);
    world.check();
  }

  @Test
  void a_sync_that_a_crash_interrupts_goes_on_from_where_it_was() {
    ChainSpec spec = spec(8);
    PowWorld world = new PowWorld(spec, 3, 12);
    world.crash(2);
    world.run(600_000);
    world.start(2);
    world.runUntil(60_000, () -> world.view(2).finalizedHeight() > 64);
    world.crash(2);
    world.start(2);
    long resumed = world.view(2).finalizedHeight();
    assertTrue(resumed > 64, "from block " + resumed);
    world.runUntil(60_000, world::sameHead);
    world.check();
  }

  @Test
  void the_same_seed_gives_the_same_chain() {
    List<String> heads = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      PowWorld world = new PowWorld(spec(8), 3, 7);
      world.run(60_000);
      heads.add(world.view(1).head() + " " + world.view(1).finalized());
    }
    assertEquals(heads.get(0), heads.get(1));
  }

  @Test
  void the_difficulty_follows_the_power_of_the_miners() {
    PowWorld world = new PowWorld(spec(8), 2, 3);
    world.run(600_000);
    long height = world.view(0).height();
    assertTrue(height > 450 && height < 750, "blocks in 600 intervals: " + height);
  }
}
