package dev.cairn.bench;

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
/// `EnginesBench [SEEDS [WARM [SECONDS [PORT]]]]`: each engine goes through SEEDS seeds of the
/// simulator (20) with as many liars as it bears; the hops and milliseconds to final around the
/// world are the simulator's too. On a testnet on this machine, each with transactions of 1 KiB:
/// the time from handing one in to its finality, and after WARM seconds (15) of as many as the
/// nodes take, what comes into blocks in SECONDS (20).
public final class EnginesBench {

  private static final int WORLD_BLOCKS = 40;
  private static final int SINGLE = 30;
  private static final int SINGLE_APART_MILLIS = 300;

  /// Where finality takes half a minute.
  private static final int MINED = 2;

  private final int seeds;
  private final int warm;
  private final int seconds;
  private final int port;

  /// @param nodes that vote, or mine
  private record Row(String name, EngineKind engine, int nodes, int liars) {}

  private EnginesBench(int seeds, int warm, int seconds, int port) {
    this.seeds = seeds;
    this.warm = warm;
    this.seconds = seconds;
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    EnginesBench bench =
        new EnginesBench(
            number(args, 0, 20), number(args, 1, 15), number(args, 2, 20), number(args, 3, 26_200));
    List<Row> rows =
        List.of(
            new Row("Simplex, 1 validator", EngineKind.SIMPLEX, 1, 0),
            new Row("Simplex, 4 validators", EngineKind.SIMPLEX, 4, 1),
            new Row("Simplex, 7 validators", EngineKind.SIMPLEX, 7, 2),
            new Row("Proof of work, 4 miners", EngineKind.POW, 4, 1));
    System.out.println(
        "| engine | lies, and all crash, lose messages and are parted (simulated) | hops to final"
            + " | final around the world, ms (simulated) | final here, ms | transactions of 1 KiB"
            + " a second here | bytes a block beside them |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Row row : rows) {
      System.out.println(bench.line(row));
    }
    System.exit(0);
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private String line(Row row) throws IOException, InterruptedException {
    List<String> cells = new ArrayList<>();
    cells.add(row.name());
    cells.add(survived(row));
    cells.addAll(
        row.engine() == EngineKind.SIMPLEX ? world(row) : List.of("1 a confirmation", "-"));
    cells.addAll(here(row));
    return "| " + String.join(" | ", cells) + " |";
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
    return String.format(
        Locale.ROOT,
        "%d of %d; %d seeds, %,d crashes, %,d blocks: %d forks, %d stalled",
        row.liars(),
        row.nodes(),
        result.seeds(),
        result.faults().get(Fault.CRASH),
        result.blocks(),
        result.conflicts(),
        result.stalled());
  }

  /// Where one validator decides, nothing travels before a block is final there.
  private static List<String> world(Row row) {
    if (row.nodes() == 1) {
      return List.of("0", "0 at the validator");
    }
    FinalityRun.Result result = FinalityRun.run(row.nodes(), 1, WORLD_BLOCKS);
    return List.of(
        String.format(Locale.ROOT, "%.0f", result.hops().p50()),
        String.format(
            Locale.ROOT, "%.0f, p99 %.0f", result.submitted().p50(), result.submitted().p99()));
  }

  private List<String> here(Row row) throws IOException, InterruptedException {
    String engine = row.engine().name().toLowerCase(Locale.ROOT);
    try (Testnet net = new Testnet(engine, row.nodes(), port);
        Flood flood = new Flood(net)) {
      String latency;
      if (row.engine() == EngineKind.SIMPLEX) {
        flood.latency(SINGLE, SINGLE_APART_MILLIS, 0);
        latency = text(flood.latency(SINGLE, SINGLE_APART_MILLIS, 0));
      } else {
        latency =
            text(flood.latency(2 * MINED, SINGLE_APART_MILLIS, 1))
                + " to the first confirmation; "
                + text(flood.latency(MINED, SINGLE_APART_MILLIS, 0));
      }
      Flood.Rate rate = flood.rate(warm, seconds);
      return List.of(
          latency,
          String.format(Locale.ROOT, "%,.0f in %,d blocks", rate.perSecond(), rate.blocks()),
          String.format(Locale.ROOT, "%,.0f", rate.overhead()));
    }
  }

  private static String text(Flood.Latency latency) {
    return String.format(Locale.ROOT, "%,.1f, p99 %,.1f", latency.median(), latency.p99());
  }
}
