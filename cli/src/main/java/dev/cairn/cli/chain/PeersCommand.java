package dev.cairn.cli.chain;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn peers`.
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = "Show the peers that a node is connected to.")
public final class PeersCommand implements Callable<Integer> {

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonArray peers = rpc.client().array("node_peers", RpcClient.params());
    if (output.isJson()) {
      output.json(peers);
      return 0;
    }
    if (peers.isEmpty()) {
      output.line("no peers");
    }
    for (JsonObject peer : peers.getValuesAs(JsonObject.class)) {
      output.line(
          String.join(
              "  ",
              peer.getString("peerId"),
              peer.getString("direction"),
              peer.getString("remote"),
              peer.getString("agent")));
    }
    return 0;
  }
}
