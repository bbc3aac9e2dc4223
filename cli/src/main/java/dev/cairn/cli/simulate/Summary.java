package dev.cairn.cli.simulate;

import dev.cairn.simulator.Campaign;
import dev.cairn.simulator.Fault;
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
}
