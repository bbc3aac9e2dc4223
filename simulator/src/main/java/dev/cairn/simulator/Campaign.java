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

/// Many seeds of one scenario, side by side on platform threads: each seed is one thread's, and
/// what comes out does not depend on how many there are.
public final class Campaign {

  /// Seeds in one campaign.
  public static final int SEEDS_MAX = 1_000_000;

  private Campaign() {}

  /// What came of all seeds.
  ///
  /// @param blocks final blocks of all seeds together
  /// @param blocksMin those of the seed that has the fewest
  /// @param traceHash SHA-256 over the trace hashes, in order of seed; in hexadecimal
  /// @param failures those seeds that failed
  public record Result(
      long seeds,
      long conflicts,
      long stalled,
      long blocks,
      long blocksMin,
      FaultCounts faults,
      String traceHash,
      List<SeedResult> failures) {
    public Result {
      failures = List.copyOf(failures);
    }
  }

  /// Runs one seed.
  public static SeedResult run(Scenario scenario, long seed) {
    return new SeedRun(seed, scenario).run();
  }

  /// Runs the seeds `from` to `to`, both included.
  ///
  /// @param each told of every seed, in order, as soon as those before it are done
  public static Result run(
      Scenario scenario, long from, long to, int threads, Consumer<SeedResult> each)
      throws InterruptedException {
    MessageDigest digest = Sha256.newDigest();
    FaultCounts faults = new FaultCounts();
    List<SeedResult> failures = new ArrayList<>();
    long blocks = 0;
    long blocksMin = Long.MAX_VALUE;
    try (ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("seed-", 0).factory())) {
      List<Future<SeedResult>> running = new ArrayList<>();
      for (long seed = from; seed <= to; seed++) {
        long next = seed;
        running.add(pool.submit(() -> run(scenario, next)));
      }
      for (Future<SeedResult> future : running) {
        SeedResult result = future.get();
        digest.update(result.traceHash().getBytes(StandardCharsets.US_ASCII));
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
        to - from + 1,
        failures.stream().filter(f -> f.failure().orElseThrow().conflict()).count(),
        failures.stream().filter(f -> f.failure().orElseThrow().stalled()).count(),
        blocks,
        blocksMin,
        faults,
        Hex.encode(digest.digest()),
        failures);
  }
}
