package dev.cairn.cli.net;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn net`.
@Command(
    name = "net",
    mixinStandardHelpOptions = true,
    description = {
      "Show how a node found its peers: how each became known, where it is, whether it holds",
      "one of the places for outbound peers (*) or is dialled first after a restart (anchor)."
    })
public final class NetCommand implements Callable<Integer> {

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject json = rpc.client().object("net_info", RpcClient.params());
    if (output.isJson()) {
      output.json(json);
      return 0;
    }
    JsonObject candidates = json.getJsonObject("candidates");
    List<String[]> pairs = new ArrayList<>();
    pairs.add(new String[] {"peer id", json.getString("peerId")});
    pairs.add(
        new String[] {
          "addresses",
          json.getJsonArray("addresses").getValuesAs(JsonString::getString).stream()
              .collect(Collectors.joining("\n           "))
        });
    pairs.add(
        new String[] {
          "outbound",
          json.get("outbound")
              + " of "
              + json.get("outboundWanted")
              + ", and "
              + json.get("dialling")
              + " being dialled"
        });
    pairs.add(
        new String[] {
          "known",
          candidates.get("tried")
              + " that have answered, "
              + candidates.get("new")
              + " only heard of"
        });
    pairs.add(new String[] {"heard from", sources(candidates.getJsonObject("bySource"))});
    output.pairs(pairs);
    output.line("");
    peers(json.getJsonArray("peers"));
    return 0;
  }

  private static String sources(JsonObject counts) {
    String text =
        counts.entrySet().stream()
            .filter(e -> !e.getValue().toString().equals("0"))
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "nobody" : text;
  }

  private void peers(JsonArray peers) {
    if (peers.isEmpty()) {
      output.line("no peers");
      return;
    }
    output.line(
        "%-54s %-9s %-9s %-22s %9s %9s  %s"
            .formatted("peer", "direction", "source", "group", "latency", "for", ""));
    for (JsonObject peer : peers.getValuesAs(JsonObject.class)) {
      output.line(
          "%-54s %-9s %-9s %-22s %9s %9s  %s"
              .formatted(
                  peer.getString("peerId"),
                  peer.getString("direction"),
                  peer.getString("source"),
                  peer.getString("group"),
                  latency(peer),
                  time(peer.getJsonNumber("connectedMillis").longValue()),
                  marks(peer))
              .stripTrailing());
    }
  }

  private static String latency(JsonObject peer) {
    return peer.containsKey("roundTripMicros")
        ? "%.1f ms".formatted(peer.getJsonNumber("roundTripMicros").longValue() / 1e3)
        : "-";
  }

  private static String time(long millis) {
    long seconds = millis / 1_000;
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }

  private static String marks(JsonObject peer) {
    List<String> marks = new ArrayList<>();
    if (peer.getBoolean("chosen")) {
      marks.add("*");
    }
    if (peer.getBoolean("anchor")) {
      marks.add("anchor");
    }
    if (!peer.getBoolean("sameChain")) {
      marks.add("not of this chain");
    }
    return String.join(" ", marks);
  }
}
