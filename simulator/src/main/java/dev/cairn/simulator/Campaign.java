package dev.cairn.simulator;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Hex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Many seeds of one scenario, side by side on platform threads: each seed is one thread's, and
/// what comes out does not depend on how many there are.
public final class Campaign {

  /// Seeds in one campaign.
  public static final int SEEDS_MAX = 1_000_000;

  private Campaign() {}

  /// Which seeds are run, and how.
  ///
  /// @param from the first seed
  /// @param to the last seed
  /// @param threads seeds at a time
  /// @param twice whether each seed is run twice and fails when the traces differ
  public record Plan(Scenario scenario, long from, long to, int threads, boolean twice) {
    public Plan {
      if (from > to || to - from >= SEEDS_MAX || threads < 1) {
        throw new IllegalArgumentException(
            "1 to " + SEEDS_MAX + " seeds can be run, on at least one thread");
      }
    }

    public long seeds() {
      return to - from + 1;
    }
  }

  /// What came of all seeds.
  ///
  /// @param blocks final blocks of all seeds together
  /// @param blocksMin those of the seed that has the fewest
  /// @param faultsMin of each kind, how often it struck in the seed that has the fewest
  /// @param traceHash SHA-256 over the trace hashes, in order of seed; in hexadecimal
  /// @param failures those seeds that failed
  public record Result(
      long seeds,
      long blocks,
      long blocksMin,
      FaultCounts faults,
      FaultCounts faultsMin,
      String traceHash,
      List<SeedResult> failures) {
    public Result {
      failures = List.copyOf(failures);
    }

    /// Seeds in which two nodes made different blocks final.
    public long conflicts() {
      return failures.stream().filter(f -> f.failure().orElseThrow().conflict()).count();
    }

    /// Seeds in which nodes did not go on.
    public long stalled() {
      return failures.stream().filter(f -> f.failure().orElseThrow().stalled()).count();
    }

    /// Both as one; the trace hash is over both in turn.
    public Result and(Result next) {
      FaultCounts sum = new FaultCounts();
      sum.add(faults);
      sum.add(next.faults);
      FaultCounts least = new FaultCounts();
      least.add(faultsMin);
      least.lower(next.faultsMin);
      MessageDigest digest = Sha256.newDigest();
      digest.update(traceHash.getBytes(StandardCharsets.US_ASCII));
      digest.update(next.traceHash.getBytes(StandardCharsets.US_ASCII));
      return new Result(
          seeds + next.seeds,
          blocks + next.blocks,
          Math.min(blocksMin, next.blocksMin),
          sum,
          least,
          Hex.encode(digest.digest()),
          Stream.concat(failures.stream(), next.failures.stream()).toList());
    }
  }

  /// Runs one seed.
  public static SeedResult run(Scenario scenario, long seed) {
    return new SeedRun(seed, scenario).run();
  }

  /// Runs one seed and then once more; another trace is a failure.
  private static SeedResult runTwice(Scenario scenario, long seed) {
    SeedResult result = run(scenario, seed);
    SeedResult again = run(scenario, seed);
    return result.traceHash().equals(again.traceHash())
        ? result
        : result.failedBy("trace", "a second run gave another trace: " + again.traceHash());
  }

  /// Runs all seeds of a plan.
  ///
  /// @param each told of every seed, in order, as soon as those before it are done
  public static Result run(Plan plan, Consumer<SeedResult> each) throws InterruptedException {
    MessageDigest digest = Sha256.newDigest();
    FaultCounts faults = new FaultCounts();
    FaultCounts faultsMin = new FaultCounts();
    List<SeedResult> failures = new ArrayList<>();
    long blocks = 0;
    long blocksMin = Long.MAX_VALUE;
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            plan.threads(), Thread.ofPlatform().name("seed-", 0).factory())) {
      List<Future<SeedResult>> running = new ArrayList<>();
      for (long seed = plan.from(); seed <= plan.to(); seed++) {
        long next = seed;
        running.add(
            pool.submit(
                () -> plan.twice() ? runTwice(plan.scenario(), next) : run(plan.scenario(), next)));
      }
      for (Future<SeedResult> future : running) {
        SeedResult result = future.get();
        digest.update(result.traceHash().getBytes(StandardCharsets.US_ASCII));
        if (result.seed() == plan.from()) {
          faultsMin.add(result.faults());
        }
        faultsMin.lower(result.faults());
        faults.add(result.faults());
        blocks += result.blocks();
        blocksMin = Math.min(blocksMin, result.blocks());
        if (result.failure().isPresent()) {
          failures.add(result);
        }
        each.accept(result);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a seed could not be run", e.getCause());
    }
    return new Result(
        plan.seeds(), blocks, blocksMin, faults, faultsMin, Hex.encode(digest.digest()), failures);
  }
}
