package dev.cairn.cli.simulate;

import dev.cairn.simulator.Campaign;
import dev.cairn.simulator.Fault;
import dev.cairn.simulator.FinalityRun;
import dev.cairn.simulator.Regions;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is said of a campaign.
final class Summary {

  private Summary() {}

  /// What came of one engine.
  record Part(Campaign.Plan plan, Campaign.Result result, long millis) {
    String engine() {
      return plan.scenario().engine().name().toLowerCase(Locale.ROOT);
    }
  }

  static Campaign.Result together(List<Part> parts) {
    return parts.stream().map(Part::result).reduce(Campaign.Result::and).orElseThrow();
  }

  static JsonObject json(Campaign.Result result) {
    var faults = Json.createObjectBuilder();
    for (Fault fault : Fault.values()) {
      faults.add(fault.key(), result.faults().get(fault));
    }
    return Json.createObjectBuilder()
        .add("seeds", result.seeds())
        .add("conflicts", result.conflicts())
        .add("stalled", result.stalled())
        .add("failed", result.failures().size())
        .add("blocks", result.blocks())
        .add("blocksMin", result.blocksMin())
        .add("faults", faults)
        .add("traceHash", result.traceHash())
        .build();
  }

  static List<String> lines(Part part) {
    Campaign.Result result = part.result();
    List<String> lines = new ArrayList<>();
    lines.add(part.engine() + ": " + line(result, part.millis()));
    lines.add("  %-20s %15s %15s".formatted("fault", "in all seeds", "least in a seed"));
    for (Fault fault : Fault.values()) {
      if (result.faults().get(fault) > 0) {
        lines.add(
            "  %-20s %,15d %,15d"
                .formatted(fault.key(), result.faults().get(fault), result.faultsMin().get(fault)));
      }
    }
    String equal = part.plan().twice() ? ", each seed run twice" : "";
    lines.add("  trace " + result.traceHash() + equal);
    return lines;
  }

  static String line(Campaign.Result result, long millis) {
    return "%,d seeds in %,.1f s: %,d blocks final, at least %,d in each; %,d conflicts, %,d stalled, %,d failed"
        .formatted(
            result.seeds(),
            millis / 1e3,
            result.blocks(),
            result.blocksMin(),
            result.conflicts(),
            result.stalled(),
            result.failures().size());
  }

  static JsonObject json(FinalityRun.Result result) {
    var regions = Json.createArrayBuilder();
    Regions.NAMES.forEach(regions::add);
    return Json.createObjectBuilder()
        .add("regions", regions)
        .add("nodes", result.nodes())
        .add("blocks", result.blocks())
        .add("hops", json(result.hops()))
        .add("proposedMs", json(result.proposed()))
        .add("submittedMs", json(result.submitted()))
        .build();
  }

  private static JsonObject json(FinalityRun.Percentiles percentiles) {
    return Json.createObjectBuilder()
        .add("p50", tenths(percentiles.p50()))
        .add("p99", tenths(percentiles.p99()))
        .build();
  }

  private static double tenths(double value) {
    return Math.round(10 * value) / 10.0;
  }

  static List<String> lines(FinalityRun.Result result) {
    return List.of(
        result.nodes() + " validators in " + String.join(", ", Regions.NAMES),
        "                              p50      p99",
        line("hops from proposal to final", result.hops()),
        line("ms from proposal to final", result.proposed()),
        line("ms from submission to final", result.submitted()));
  }

  private static String line(String what, FinalityRun.Percentiles percentiles) {
    return "%-28s %,8.1f %,8.1f".formatted(what, percentiles.p50(), percentiles.p99());
  }
}
