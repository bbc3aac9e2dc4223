package dev.cairn.bench;

import dev.cairn.core.chainspec.PowParams;
import dev.cairn.simulator.Break;
import dev.cairn.simulator.Campaign;
import dev.cairn.simulator.Fault;
import dev.cairn.simulator.FinalityRun;
import dev.cairn.simulator.Scenario;
import dev.cairn.simulator.Scenario.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// Security or speed: the engines one beside the other, as a table in Markdown.
///
/// `EnginesBench [SEEDS [WARM [SECONDS [PORT [ROW]]]]]`: each engine goes through SEEDS seeds of
/// the simulator (10) with as many liars as it bears; the hops and milliseconds to final around the
/// world are the simulator's too. On a testnet on this machine, each with transactions of 1 KiB:
/// the time from handing one in to its finality, and after WARM seconds (20) of as many as the
/// nodes take, what comes into blocks in SECONDS (15). About six minutes on two cores. ROW, from 1,
/// measures one engine alone.
///
/// The table goes to standard output, what happens meanwhile to standard error. A cell that could
/// not be measured says why, and the exit code is 1 then.
public final class EnginesBench {

  private static final int WORLD_BLOCKS = 40;

  /// Of one kind of transaction after the other; the first ones warm the nodes.
  private static final int SINGLE_WARM = 30;

  private static final int SINGLE = 100;
  private static final int SINGLE_APART_MILLIS = 100;

  /// Where finality takes half a minute.
  private static final int MINED = 2;

  private static final int CONFIRMED = 10;

  private final int seeds;
  private final int warm;
  private final int seconds;
  private final int port;
  private boolean failed;

  /// @param nodes that vote, or mine
  /// @param liars that are simulated
  /// @param bears what the engine's document promises
  private record Row(String name, EngineKind engine, int nodes, int liars, String bears) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "Simplex, 1 validator (`run --dev`)",
              EngineKind.SIMPLEX,
              1,
              0,
              "none: the one decides alone, and while it is away nothing happens"),
          new Row(
              "Simplex, 4 validators",
              EngineKind.SIMPLEX,
              4,
              1,
              "1 away or lying; with 2 away it waits and never forks"),
          new Row(
              "Simplex, 7 validators",
              EngineKind.SIMPLEX,
              7,
              2,
              "2 away or lying; with 3 away it waits and never forks"),
          new Row(
              "Proof of work, 4 miners, 32 confirmations",
              EngineKind.POW,
              4,
              1,
              "all but 1 away; lies of less than half the work; a split of under 32 blocks"));

  private EnginesBench(int seeds, int warm, int seconds, int port) {
    this.seeds = seeds;
    this.warm = warm;
    this.seconds = seconds;
    this.port = port;
  }

  public static void main(String[] args) throws InterruptedException {
    EnginesBench bench =
        new EnginesBench(
            number(args, 0, 10), number(args, 1, 20), number(args, 2, 15), number(args, 3, 26_200));
    System.out.println(
        "| engine | bears | simulated: seeds, liars among nodes, crashes; final blocks: forks, stalls"
            + " | hops to final | ms to final around the world (simulated) | ms to final here |"
            + " 1 KiB transactions a second here | bytes a block beside them |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    int row = number(args, 4, 0);
    for (Row one : row == 0 ? ROWS : ROWS.subList(row - 1, row)) {
      System.out.println(bench.line(one));
    }
    System.exit(bench.failed ? 1 : 0);
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private String line(Row row) throws InterruptedException {
    List<String> cells = new ArrayList<>(List.of(row.name(), row.bears()));
    note(row, "simulating " + seeds + " seeds");
    cells.add(survived(row));
    cells.addAll(world(row));
    note(row, "a testnet on this machine");
    try {
      cells.addAll(here(row));
    } catch (IOException | IllegalStateException e) {
      failed = true;
      cells.addAll(List.of("failed: " + e.getMessage(), "-", "-"));
    }
    return "| " + String.join(" | ", cells) + " |";
  }

  private static void note(Row row, String what) {
    System.err.println(row.name() + ": " + what + " ...");
  }

  /// Whether it held with so many liars, in so many seeds of everything else that can go wrong.
  private String survived(Row row) throws InterruptedException {
    OptionalInt drawn = OptionalInt.empty();
    int observers = row.nodes() == 1 ? 3 : 1;
    Scenario scenario =
        new Scenario(
            row.engine(),
            row.nodes(),
            observers,
            100,
            OptionalInt.of(row.liars()),
            drawn,
            drawn,
            true,
            true,
            Break.NONE);
    int threads = Runtime.getRuntime().availableProcessors();
    Campaign.Result result =
        Campaign.run(new Campaign.Plan(scenario, 1, seeds, threads, false), seed -> {});
    failed |= !result.failures().isEmpty();
    return String.format(
        Locale.ROOT,
        "%d seeds, %d of %d, %,d crashes; %,d: %d, %d",
        result.seeds(),
        row.liars(),
        row.nodes(),
        result.faults().get(Fault.CRASH),
        result.blocks(),
        result.conflicts(),
        result.stalled());
  }

  private static List<String> world(Row row) {
    if (row.engine() == EngineKind.POW) {
      int depth = PowParams.FINALITY_DEPTH_DEFAULT;
      return List.of("1 to a confirmation", depth + " block intervals: hops hardly count");
    }
    if (row.nodes() == 1) {
      return List.of("0 at the validator, 1 elsewhere", "0 at the validator");
    }
    FinalityRun.Result result = FinalityRun.run(row.nodes(), 1, WORLD_BLOCKS);
    return List.of(
        String.format(Locale.ROOT, "%.0f", result.hops().p50()),
        String.format(
            Locale.ROOT,
            "median %.0f, p99 %.0f",
            result.submitted().p50(),
            result.submitted().p99()));
  }

  private List<String> here(Row row) throws IOException, InterruptedException {
    String engine = row.engine().name().toLowerCase(Locale.ROOT);
    try (Testnet net = new Testnet(engine, row.nodes(), port);
        Flood flood = new Flood(net)) {
      String latency;
      if (row.engine() == EngineKind.SIMPLEX) {
        flood.latency(SINGLE_WARM, SINGLE_APART_MILLIS, 0);
        latency = text(flood.latency(SINGLE, SINGLE_APART_MILLIS, 0));
      } else {
        latency =
            String.format(
                Locale.ROOT,
                "median %,.0f; %,.0f to the first confirmation",
                flood.latency(MINED, 0, 0).median(),
                flood.latency(CONFIRMED, SINGLE_APART_MILLIS, 1).median());
      }
      Flood.Rate rate = flood.rate(warm, seconds);
      return List.of(
          latency,
          String.format(
              Locale.ROOT, "%,.0f (%,d blocks in %d s)", rate.perSecond(), rate.blocks(), seconds),
          String.format(Locale.ROOT, "%,.0f", rate.overhead()));
    }
  }

  private static String text(Flood.Latency latency) {
    return String.format(Locale.ROOT, "median %,.1f, p99 %,.1f", latency.median(), latency.p99());
  }
}
