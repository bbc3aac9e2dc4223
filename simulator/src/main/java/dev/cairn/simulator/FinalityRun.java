package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.simplex.SimplexTiming;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// How long a transaction takes until it is final, where nothing fails: validators spread over the
/// regions of the world, or all equally far apart, which counts the hops.
///
/// Owner: the thread that runs it.
public final class FinalityRun {

  /// What was measured, over all validators and blocks.
  ///
  /// @param nodes validators
  /// @param blocks blocks that became final
  /// @param hops the times from a proposal to its finality at a validator, in hops from one
  ///   validator to another: the median and the 99th percentile
  /// @param proposed the same in milliseconds between the regions
  /// @param submitted from a transaction's submission at a validator to its finality there, in
  ///   milliseconds
  public record Result(
      int nodes, long blocks, Percentiles hops, Percentiles proposed, Percentiles submitted) {}

  /// @param p50 the median
  /// @param p99 the 99th percentile
  public record Percentiles(double p50, double p99) {
    static Percentiles of(List<Long> nanos, double unit) {
      List<Long> sorted = new ArrayList<>(nanos);
      Collections.sort(sorted);
      int last = sorted.size() - 1;
      return new Percentiles(sorted.get(last / 2) / unit, sorted.get(last * 99 / 100) / unit);
    }
  }

  private static final long MILLI = 1_000_000;

  /// Between any two validators where hops are counted: whatever else takes time is lost in it.
  private static final long HOP_MILLIS = 1_000;

  private static final long SUBMIT_NANOS = 1_500 * MILLI;
  private static final long SETTLE_NANOS = 20_000 * MILLI;

  /// Waits that no healthy link in the world reaches.
  private static final SimplexTiming WORLD = new SimplexTiming(5_000, 5_000, 1_000, 10, 5_000);

  private static final SimplexTiming HOPS = new SimplexTiming(60_000, 60_000, 60_000, 10, 60_000);

  private final World world;
  private final Side side;
  private final SimRandom random;
  private final Map<Cid, Long> proposedAt = new LinkedHashMap<>();
  private final Map<Cid, Long> submittedAt = new LinkedHashMap<>();
  private final Map<Cid, Integer> submittedTo = new LinkedHashMap<>();
  private final List<Long> fromProposal = new ArrayList<>();
  private final List<Long> fromSubmission = new ArrayList<>();

  private FinalityRun(
      int nodes, long seed, VirtualNetwork.Distances distances, SimplexTiming timing) {
    OptionalInt none = OptionalInt.of(0);
    Scenario scenario =
        new Scenario(
            Scenario.EngineKind.SIMPLEX, nodes, 0, 1, none, none, none, false, false, Break.NONE);
    this.random = new SimRandom(seed);
    this.side = new SimplexSide(scenario, random.split(), timing);
    this.world = new World(random.split(), nodes, side, distances, Break.NONE);
    world.watch(new Watch());
    world.network().weather(Weather.still());
  }

  /// Runs the validators in the regions of the world, and once more to count the hops.
  ///
  /// @param blocks final blocks to measure, at least
  public static Result run(int nodes, long seed, int blocks) {
    FinalityRun regions = new FinalityRun(nodes, seed, Regions::micros, WORLD);
    regions.play(blocks);
    FinalityRun hops = new FinalityRun(nodes, seed, (a, b) -> HOP_MILLIS * 1_000, HOPS);
    hops.play(blocks);
    return new Result(
        nodes,
        regions.world.referee().height(),
        Percentiles.of(hops.fromProposal, HOP_MILLIS * MILLI),
        Percentiles.of(regions.fromProposal, MILLI),
        Percentiles.of(regions.fromSubmission, MILLI));
  }

  private void play(int blocks) {
    world.nodes().forEach(world::start);
    world.run(SETTLE_NANOS);
    fromProposal.clear();
    while (submittedAt.size() < blocks) {
      submit(submittedAt.size() % world.nodes().size());
      world.run(SUBMIT_NANOS / 2 + random.nextLong(SUBMIT_NANOS));
    }
    world.run(SETTLE_NANOS);
  }

  /// Gives a validator a transaction, each time from another account.
  private void submit(int to) {
    List<Ed25519Key> accounts = side.accounts();
    int number = submittedAt.size();
    Ed25519Key from = accounts.get(number % accounts.size());
    Address receiver = Address.of(accounts.get((number + 1) % accounts.size()).publicKey());
    SimNode node = world.nodes().get(to);
    Transaction transaction =
        Transaction.sign(
            side.spec().domainAt(1),
            from,
            number / accounts.size(),
            10_000,
            node.now().wallMillis() + 3_600_000,
            new Transfer(receiver, 1));
    submittedAt.put(transaction.id(), world.schedule().nanos());
    submittedTo.put(transaction.id(), to);
    node.take(new PeerInput.Submit(0, transaction));
  }

  /// Takes the times.
  private final class Watch implements World.Watch {
    @Override
    public void proposed(int node, Block block) {
      proposedAt.putIfAbsent(block.id(), world.schedule().nanos());
    }

    @Override
    public void finalized(int node, Block block) {
      long now = world.schedule().nanos();
      Long proposed = proposedAt.get(block.id());
      if (proposed != null) {
        fromProposal.add(now - proposed);
      }
      for (Transaction transaction : block.transactions()) {
        Long submitted = submittedAt.get(transaction.id());
        if (submitted != null && Integer.valueOf(node).equals(submittedTo.get(transaction.id()))) {
          fromSubmission.add(now - submitted);
        }
      }
    }
  }
}
