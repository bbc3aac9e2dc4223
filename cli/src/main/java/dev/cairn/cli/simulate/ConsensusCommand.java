package dev.cairn.cli.simulate;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.simulator.Break;
import dev.cairn.simulator.Campaign;
import dev.cairn.simulator.FinalityRun;
import dev.cairn.simulator.Scenario;
import dev.cairn.simulator.SeedResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn simulate consensus`.
@Command(
    name = "consensus",
    mixinStandardHelpOptions = true,
    description = {
      "Run whole networks of real machines (consensus, mempool, ledger, sync, gossip)",
      "in virtual time through loss, partitions, crashes, wrong clocks and liars, and",
      "check after every step that they agree. Each seed draws its own faults; options",
      "that name some replace the draw. Exit code 1 when anything broke."
    })
public final class ConsensusCommand implements Callable<Integer> {

  private static final int LAST_LINES_SHOWN = 40;
  private static final int SEEDS_BETWEEN_NOTES = 50;

  /// Seeds tried until one finds the fork that a rule prevents.
  private static final int BROKEN_SEEDS_MAX = 50;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "One seed (default 1; with --break those from 1 on until one finds the fork).")
  private long seed = -1;

  @Option(names = "--seeds", paramLabel = "A..B", description = "All seeds from A to B.")
  private String seeds = "";

  @Mixin private ScenarioOptions options = new ScenarioOptions();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Seeds at a time (default the cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--regions",
      description = "Measure instead: validators in ten regions of the world, nothing fails.")
  private boolean regions;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    if (regions) {
      return world();
    }
    Scenario scenario = options.scenario();
    Amounts.Range range = seeds.isEmpty() ? single(scenario) : Amounts.seeds(seeds);
    if (range.to() - range.from() >= Campaign.SEEDS_MAX || threads < 1) {
      throw CliException.usage("at most " + Campaign.SEEDS_MAX + " seeds, on at least one thread");
    }
    long started = System.nanoTime();
    Campaign.Result result =
        Campaign.run(scenario, range.from(), range.to(), threads, each -> show(each, range));
    if (output.isJson()) {
      output.json(Summary.json(result));
    } else {
      Summary.lines(result, (System.nanoTime() - started) / 1_000_000).forEach(output::line);
    }
    return result.failures().isEmpty() ? Exit.DONE.code() : Exit.FAILED.code();
  }

  /// The one seed that was named, or the first that finds the fork.
  private Amounts.Range single(Scenario scenario) {
    long named = seed < 0 ? 1 : seed;
    if (seed < 0 && scenario.broken() != Break.NONE) {
      while (named < BROKEN_SEEDS_MAX && Campaign.run(scenario, named).failure().isEmpty()) {
        named++;
      }
    }
    return new Amounts.Range(named, named);
  }

  private int world() {
    FinalityRun.Result result =
        FinalityRun.run(options.regionNodes(), Math.max(seed, 1), options.blocks());
    if (output.isJson()) {
      output.json(Summary.json(result));
    } else {
      Summary.lines(result).forEach(output::line);
    }
    return Exit.DONE.code();
  }

  /// A failure at once, and now and then a word that it goes on.
  private void show(SeedResult result, Amounts.Range range) {
    result.failure().ifPresent(failure -> show(result, failure));
    long done = result.seed() - range.from() + 1;
    if (done % SEEDS_BETWEEN_NOTES == 0 && !output.isJson()) {
      output.note(done + " of " + (range.to() - range.from() + 1) + " seeds");
    }
  }

  private void show(SeedResult result, SeedResult.Failure failure) {
    failure.last().stream()
        .skip(Math.max(0, failure.last().size() - LAST_LINES_SHOWN))
        .forEach(output::note);
    output.note(
        "seed "
            + result.seed()
            + " broke at step "
            + result.steps()
            + " ("
            + result.virtualMillis()
            + " ms): "
            + failure.kind()
            + ": "
            + failure.what());
    output.note("replay with: " + options.replay(result.seed()));
  }
}
