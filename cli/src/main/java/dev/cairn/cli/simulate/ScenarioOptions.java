package dev.cairn.cli.simulate;

import dev.cairn.cli.CliException;
import dev.cairn.simulator.Break;
import dev.cairn.simulator.Regions;
import dev.cairn.simulator.Scenario;
import dev.cairn.simulator.Scenario.EngineKind;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say what is simulated.
final class ScenarioOptions {

  private static final int NODES = 7;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      split = ",",
      description = "simplex or pow, or simplex,pow for one after the other (default simplex).")
  private List<EngineKind> engines = List.of(EngineKind.SIMPLEX);

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Validators, or miners (default 7; 10 with --regions).")
  private int nodes;

  @Option(
      names = "--observers",
      paramLabel = "N",
      description = "Nodes beside them that only follow (default ${DEFAULT-VALUE}).")
  private int observers = 1;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = "Final blocks in every seed, at least (default ${DEFAULT-VALUE}).")
  private int blocks = 100;

  @Option(
      names = "--byzantine",
      paramLabel = "K",
      description = "How many lie (default as many as can, under a third of the stake).")
  private int byzantine = -1;

  @Mixin private WeatherOptions weather = new WeatherOptions();

  @Option(
      names = "--break",
      paramLabel = "RULE",
      description =
          "Leave a rule out, to see the fork: persistence, quorum (f+1) or skip-final (both may be"
              + " voted).")
  private String broken = "";

  /// The engines to simulate, one after the other.
  List<EngineKind> engines() {
    return engines;
  }

  /// @throws CliException when it cannot be simulated
  Scenario scenario(EngineKind engine) {
    OptionalInt liars = byzantine < 0 ? OptionalInt.empty() : OptionalInt.of(byzantine);
    try {
      return new Scenario(
          engine,
          nodes == 0 ? NODES : nodes,
          observers,
          blocks,
          liars,
          weather.lossPerMille(),
          weather.delayMicros(),
          weather.duplicate(),
          weather.reorder(),
          broken());
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    }
  }

  /// Validators around the world.
  int regionNodes() {
    int count = nodes == 0 ? Regions.NAMES.size() : nodes;
    if (count < 1 || count > Scenario.NODES_MAX || !engines.equals(List.of(EngineKind.SIMPLEX))) {
      throw CliException.usage(
          "--regions takes 1 to " + Scenario.NODES_MAX + " Simplex validators");
    }
    return count;
  }

  int blocks() {
    return blocks;
  }

  private Break broken() {
    return switch (broken) {
      case "" -> Break.NONE;
      case "persistence" -> Break.PERSISTENCE;
      case "quorum" -> Break.QUORUM;
      case "skip-final" -> Break.SKIP_FINAL;
      default ->
          throw CliException.usage(
              "--break takes persistence, quorum or skip-final, not '" + broken + "'");
    };
  }

  /// The command that runs one seed of this scenario again.
  String replay(EngineKind engine, long replayed) {
    StringBuilder command = new StringBuilder("cairn simulate consensus --engine ");
    command.append(engine.name().toLowerCase(Locale.ROOT));
    command
        .append(" --nodes ")
        .append(nodes == 0 ? NODES : nodes)
        .append(" --observers ")
        .append(observers);
    command.append(" --blocks ").append(blocks);
    command.append(byzantine < 0 ? "" : " --byzantine " + byzantine);
    command.append(weather.words());
    command.append(broken.isEmpty() ? "" : " --break " + broken);
    return command.append(" --seed ").append(replayed).toString();
  }
}
