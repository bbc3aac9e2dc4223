package dev.cairn.cli.simulate;

import dev.cairn.simulator.Campaign;
import dev.cairn.simulator.Fault;
import dev.cairn.simulator.FinalityRun;
import dev.cairn.simulator.Regions;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// What is said of a campaign.
final class Summary {

  private Summary() {}

  static JsonObject json(Campaign.Result result) {
    var faults = Json.createObjectBuilder();
    for (Fault fault : Fault.values()) {
      faults.add(fault.key(), result.faults().get(fault));
    }
    return Json.createObjectBuilder()
        .add("seeds", result.seeds())
        .add("conflicts", result.conflicts())
        .add("stalled", result.stalled())
        .add("blocks", result.blocks())
        .add("faults", faults)
        .add("traceHash", result.traceHash())
        .build();
  }

  static List<String> lines(Campaign.Result result, long millis) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d seeds in %,.1f s: %,d blocks final, at least %,d in each"
            .formatted(result.seeds(), millis / 1e3, result.blocks(), result.blocksMin()));
    lines.add(
        "%,d conflicts, %,d stalled, %,d seeds failed"
            .formatted(result.conflicts(), result.stalled(), result.failures().size()));
    for (Fault fault : Fault.values()) {
      if (result.faults().get(fault) > 0) {
        lines.add("  %-20s %,15d".formatted(fault.key(), result.faults().get(fault)));
      }
    }
    lines.add("trace " + result.traceHash());
    return lines;
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
