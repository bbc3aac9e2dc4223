package dev.cairn.cli.simulate;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.simulator.dht.DhtReport;
import dev.cairn.simulator.dht.DhtRun;
import dev.cairn.simulator.dht.DhtScenario;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn simulate dht`.
@Command(
    name = "dht",
    mixinStandardHelpOptions = true,
    description = {
      "Run a DHT of real machines in virtual time: nodes join, publish, come and go,",
      "lose messages and sit behind NAT, while look-ups are counted. With --attackers,",
      "ids from four IPv4 /24s flood it first. Exit code 1 when less than 95%% of the",
      "look-ups found what was there, or the attacker holds more than 10 slots of a table."
    })
public final class DhtCommand implements Callable<Integer> {

  private static final int FOUND_PER_MILLE_MIN = 950;
  private static final int ATTACKER_SLOTS_MAX = 10;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Honest nodes that are up at any time (default ${DEFAULT-VALUE}).")
  private int nodes = 10_000;

  @Option(
      names = "--churn",
      paramLabel = "P%",
      description = "Nodes that leave every minute while others come (default ${DEFAULT-VALUE}).")
  private String churn = "1%";

  @Option(
      names = "--loss",
      paramLabel = "P%",
      description = "Requests and answers that are lost (default ${DEFAULT-VALUE}).")
  private String loss = "2%";

  @Option(
      names = "--nat",
      paramLabel = "P%",
      description =
          "Nodes that cannot be dialled; half of them do not know it (default ${DEFAULT-VALUE}).")
  private String nat = "20%";

  @Option(
      names = "--lookups",
      paramLabel = "N",
      description = "Look-ups of each kind: peer, value, provider (default ${DEFAULT-VALUE}).")
  private int lookups = 1_000;

  @Option(
      names = "--attackers",
      paramLabel = "N",
      description = "Ids of an attacker in four IPv4 /24s (default none).")
  private int attackers;

  @Option(
      names = "--break",
      paramLabel = "RULE",
      description = "Leave a rule out, to see what it is for: diversity.")
  private String broken = "";

  @Option(names = "--seed", paramLabel = "S", description = "The seed (default ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    DhtScenario scenario = scenario();
    long started = System.nanoTime();
    DhtReport report = DhtRun.run(scenario);
    if (output.isJson()) {
      output.json(json(report, scenario));
    } else {
      lines(report, (System.nanoTime() - started) / 1_000_000).forEach(output::line);
    }
    return holds(report) ? Exit.DONE.code() : Exit.FAILED.code();
  }

  private DhtScenario scenario() {
    if (!broken.isEmpty() && !broken.equals("diversity")) {
      throw CliException.usage("--break takes diversity, not '" + broken + "'");
    }
    try {
      return new DhtScenario(
          nodes,
          Amounts.perMille("--churn", churn),
          Amounts.perMille("--loss", loss),
          Amounts.perMille("--nat", nat),
          lookups,
          attackers,
          broken.isEmpty(),
          seed);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    }
  }

  private static boolean holds(DhtReport report) {
    return report.attackerSlotsMax() <= ATTACKER_SLOTS_MAX
        && report.kinds().stream().allMatch(kind -> kind.perMille() >= FOUND_PER_MILLE_MIN);
  }

  private List<String> lines(DhtReport report, long millis) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d nodes, %,d s of the network in %,.1f s: %,d requests, tables of %,d peers"
            .formatted(
                nodes,
                report.virtualSeconds(),
                millis / 1e3,
                report.requests(),
                report.tablePeers()));
    if (attackers > 0) {
      lines.add(
          "%,d attacker ids hold at most %,d slots of a table, %,.1f on average"
              .formatted(attackers, report.attackerSlotsMax(), report.attackerSlotsMean()));
    }
    lines.add("                        hops       requests           ms");
    lines.add("look-up      found   p50  p99    p50  p99     p50      p99");
    for (DhtReport.Kind kind : report.kinds()) {
      lines.add(
          "%-10s %6.1f%% %5d %4d %6d %4d %7d %8d"
              .formatted(
                  kind.name(),
                  100.0 * kind.found() / Math.max(1, kind.asked()),
                  kind.hopsMedian(),
                  kind.hopsP99(),
                  kind.requestsMedian(),
                  kind.requestsP99(),
                  kind.millisMedian(),
                  kind.millisP99()));
    }
    lines.add("trace " + report.traceHash());
    return lines;
  }

  private static JsonObject json(DhtReport report, DhtScenario scenario) {
    var kinds = Json.createObjectBuilder();
    for (DhtReport.Kind kind : report.kinds()) {
      kinds.add(
          kind.name(),
          Json.createObjectBuilder()
              .add("asked", kind.asked())
              .add("found", kind.found())
              .add("hops", percentiles(kind.hopsMedian(), kind.hopsP99()))
              .add("requests", percentiles(kind.requestsMedian(), kind.requestsP99()))
              .add("ms", percentiles(kind.millisMedian(), kind.millisP99())));
    }
    return Json.createObjectBuilder()
        .add("nodes", scenario.nodes())
        .add("attackers", scenario.attackers())
        .add("seed", scenario.seed())
        .add("lookups", kinds)
        .add("tablePeers", report.tablePeers())
        .add("attackerSlotsMax", report.attackerSlotsMax())
        .add("attackerSlotsMean", Math.round(10 * report.attackerSlotsMean()) / 10.0)
        .add("requests", report.requests())
        .add("virtualSeconds", report.virtualSeconds())
        .add("traceHash", report.traceHash())
        .build();
  }

  private static JsonObject percentiles(long median, long p99) {
    return Json.createObjectBuilder().add("p50", median).add("p99", p99).build();
  }
}
