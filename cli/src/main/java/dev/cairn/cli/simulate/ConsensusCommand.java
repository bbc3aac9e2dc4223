package dev.cairn.cli.simulate;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.simulator.Break;
import dev.cairn.simulator.Campaign;
import dev.cairn.simulator.FinalityRun;
import dev.cairn.simulator.Scenario;
import dev.cairn.simulator.Scenario.EngineKind;
import dev.cairn.simulator.SeedResult;
import java.util.ArrayList;
import java.util.List;
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

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      split = ",",
      description = "All seeds from A to B; with several engines A..B,C..D for each its own.")
  private List<String> seeds = List.of();

  @Option(names = "--twice", description = "Run each seed twice, and fail when the traces differ.")
  private boolean twice;

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
    List<Campaign.Plan> plans = plans();
    List<Summary.Part> parts = new ArrayList<>();
    long started = System.nanoTime();
    for (Campaign.Plan plan : plans) {
      long began = System.nanoTime();
      Campaign.Result result = Campaign.run(plan, each -> show(each, plan));
      parts.add(new Summary.Part(plan, result, (System.nanoTime() - began) / 1_000_000));
      if (!output.isJson()) {
        Summary.lines(parts.getLast()).forEach(output::line);
      }
    }
    Campaign.Result all = Summary.together(parts);
    if (output.isJson()) {
      output.json(Summary.json(all));
    } else if (parts.size() > 1) {
      output.line(Summary.line(all, (System.nanoTime() - started) / 1_000_000));
    }
    return all.failures().isEmpty() ? Exit.DONE.code() : Exit.FAILED.code();
  }

  /// One for each engine; all of them are checked before the first runs.
  private List<Campaign.Plan> plans() {
    List<EngineKind> engines = options.engines();
    if (seeds.size() > 1 && seeds.size() != engines.size()) {
      throw CliException.usage("--seeds takes one range, or one for each engine");
    }
    List<Campaign.Plan> plans = new ArrayList<>();
    for (int i = 0; i < engines.size(); i++) {
      Scenario scenario = options.scenario(engines.get(i));
      Amounts.Range range =
          seeds.isEmpty()
              ? single(scenario)
              : Amounts.seeds(seeds.get(Math.min(i, seeds.size() - 1)));
      plans.add(range.plan(scenario, threads, twice));
    }
    return plans;
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
  private void show(SeedResult result, Campaign.Plan plan) {
    result.failure().ifPresent(failure -> show(result, failure, plan.scenario().engine()));
    long done = result.seed() - plan.from() + 1;
    if (done % SEEDS_BETWEEN_NOTES == 0 && !output.isJson()) {
      output.note(done + " of " + plan.seeds() + " seeds");
    }
  }

  private void show(SeedResult result, SeedResult.Failure failure, EngineKind engine) {
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
    output.note("replay with: " + options.replay(engine, result.seed()));
  }
}
