package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.files.block.ByteSize;
import dev.cairn.multiformats.Cid;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/// Has a node fetch all below a root, and shows how far it is and who gave what.
public final class Fetching {

  private static final long LOOK_MILLIS = 100;

  /// The longest that a node waits for what nobody has: a week.
  private static final long WAIT_SECONDS_MAX = 604_800;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "Wait so long for it, also when nobody has it yet; the node goes on (default: as long as"
              + " it comes, and not for what nobody has).")
  private long timeoutSeconds;

  @Option(
      names = "--from",
      paramLabel = "PEER",
      description = "A peer that has it; may be given more than once.")
  private List<String> from = List.of();

  @Option(names = "--only-from", description = "Ask nobody but the peers of --from.")
  private boolean onlyFrom;

  /// Waits until it is there.
  ///
  /// @param name what to call it on the progress line
  /// @param pin whether the node keeps it
  /// @return the report of the node, with `sources`
  public JsonObject fetch(RpcClient node, Cid root, String name, boolean pin, Output output) {
    return fetch(node, root, name, pin, from, onlyFrom, output);
  }

  /// The same from these peers.
  public JsonObject fetch(
      RpcClient node,
      Cid root,
      String name,
      boolean pin,
      List<String> peers,
      boolean onlyThese,
      Output output) {
    JsonObjectBuilder params =
        RpcClient.params().add("cid", root.toString()).add("name", name).add("pin", pin);
    if (!peers.isEmpty()) {
      params.add("from", Json.createArrayBuilder(peers)).add("onlyFrom", onlyThese);
    }
    if (timeoutSeconds > 0) {
      params.add("waitSeconds", Math.min(timeoutSeconds, WAIT_SECONDS_MAX));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Math.max(0, timeoutSeconds));
    try (Meter meter = new Meter(name.isEmpty() ? root.toString() : name, output.isJson())) {
      JsonObject report = node.object("file_fetch", params);
      while (report.getString("state").equals("running")) {
        meter.show(number(report, "bytes"), number(report, "totalBytes"), active(report));
        if (timeoutSeconds > 0 && System.nanoTime() - deadline > 0) {
          throw new CliException(
              Exit.TIMED_OUT, root + " is not here after " + timeoutSeconds + " s" + tail(report));
        }
        Thread.sleep(LOOK_MILLIS);
        report = node.object("file_progress", RpcClient.params().add("cid", root.toString()));
      }
      if (report.getString("state").equals("failed")) {
        Exit exit = report.getBoolean("missing", true) ? Exit.NOT_FOUND : Exit.FAILED;
        throw new CliException(exit, report.getString("reason") + tail(report));
      }
      return report;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.failed("interrupted");
    }
  }

  private static String tail(JsonObject report) {
    StringBuilder tail = new StringBuilder();
    sources(report).forEach(line -> tail.append('\n').append(line));
    return tail.toString();
  }

  private static int active(JsonObject report) {
    return (int)
        report.getJsonArray("sources").getValuesAs(JsonObject.class).stream()
            .filter(s -> number(s, "bytes") > 0 || s.getString("state").equals("active"))
            .count();
  }

  static long number(JsonObject json, String name) {
    return json.get(name) instanceof JsonNumber number ? number.longValue() : 0;
  }

  /// Says what came from whom, on standard error.
  public static void report(JsonObject report, Output output) {
    long fetched = number(report, "fetchedBytes");
    long millis = Math.max(1, number(report, "elapsedMillis"));
    List<String> lines = sources(report);
    if (fetched == 0) {
      output.note("everything was here already");
      return;
    }
    output.note(
        "fetched "
            + ByteSize.shown(fetched)
            + " in "
            + millis / 1_000.0
            + " s ("
            + ByteSize.shown(fetched * 1_000 / millis)
            + "/s) from "
            + active(report)
            + (active(report) == 1 ? " source" : " sources"));
    lines.forEach(output::note);
  }

  private static List<String> sources(JsonObject report) {
    return report.getJsonArray("sources").getValuesAs(JsonObject.class).stream()
        .map(
            s ->
                "  "
                    + s.getString("peerId")
                    + "  "
                    + ByteSize.shown(number(s, "bytes"))
                    + "  "
                    + s.getString("state")
                    + (s.getString("why").isEmpty() ? "" : ": " + s.getString("why")))
        .toList();
  }
}
