package dev.cairn.cli.testnet;

import dev.cairn.cli.Output;
import dev.cairn.cli.Terminal;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/// The live table of a test network: drawn over itself on a terminal, printed anew when something
/// changed where there is none.
final class StatusTable {

  private final Output output;
  private final boolean terminal;
  private String last = "";

  StatusTable(Output output) {
    this.output = output;
    this.terminal = Terminal.console().isPresent();
  }

  void show(List<String> names, List<Optional<JsonObject>> statuses) {
    StringBuilder table =
        new StringBuilder(
            "%-8s %10s %10s %6s %8s  %s"
                .formatted("node", "height", "final", "peers", "mempool", "head"));
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      table
          .append('\n')
          .append(
              statuses.get(i).map(s -> row(name, s)).orElse("%-8s %10s".formatted(name, "down")));
    }
    String text = table.toString();
    if (text.equals(last)) {
      return;
    }
    boolean over = terminal && !last.isEmpty();
    // Up by as many lines as the last table had, and clear from there on.
    output.line(over ? "\u001b[%dA\u001b[J".formatted(last.lines().count()) + text : text);
    last = text;
  }

  private static String row(String name, JsonObject status) {
    return "%-8s %10s %10s %6s %8s  %s"
        .formatted(
            name,
            status.get("height"),
            status.get("finalized"),
            status.get("peers"),
            status.get("mempool"),
            status.getBoolean("syncing") ? "syncing" : status.getString("finalizedHead"));
  }
}
