package dev.cairn.cli.chain;

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

/// `cairn status`.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show what a node is and how far its chain has come.")
public final class StatusCommand implements Callable<Integer> {

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject json = rpc.client().object("node_status", RpcClient.params());
    if (output.isJson()) {
      output.json(json);
      return 0;
    }
    JsonArray addresses = json.getJsonArray("addresses");
    List<String[]> pairs = new ArrayList<>();
    pairs.add(new String[] {"version", json.getString("version")});
    pairs.add(new String[] {"peer id", json.getString("peerId")});
    pairs.add(
        new String[] {
          "addresses",
          addresses.getValuesAs(JsonString::getString).stream()
              .collect(Collectors.joining("\n           "))
        });
    pairs.add(new String[] {"chain", json.getString("chain")});
    pairs.add(new String[] {"height", json.get("height") + " " + json.getString("head")});
    pairs.add(
        new String[] {"final", json.get("finalized") + " " + json.getString("finalizedHead")});
    pairs.add(new String[] {"state", json.getString("stateRoot")});
    pairs.add(new String[] {"peers", BlockCommand.plain(json, "peers")});
    pairs.add(new String[] {"mempool", json.get("mempool") + " transactions"});
    pairs.add(
        new String[] {
          "syncing", json.getBoolean("syncing") ? "yes, to height " + json.get("syncTarget") : "no"
        });
    output.pairs(pairs);
    return 0;
  }
}
