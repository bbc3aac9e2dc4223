package dev.cairn.cli.net;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn dht find-peer`.
@Command(
    name = "find-peer",
    mixinStandardHelpOptions = true,
    description = "Show where a peer listens.")
final class FindPeerCommand implements Callable<Integer> {

  /// A look-up that goes on for longer finds nothing any more.
  static final Duration TIMEOUT = Duration.ofSeconds(90);

  @Parameters(index = "0", paramLabel = "PEER", description = "A peer id.")
  private String peer = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject found =
        rpc.client().object("dht_findPeer", RpcClient.params().add("peer", peer), TIMEOUT);
    if (output.isJson()) {
      output.json(found);
    } else {
      print(output, found);
    }
    return 0;
  }

  /// One line for each address, ready to be dialled.
  static void print(Output output, JsonObject peer) {
    String id = peer.getString("peerId");
    var addresses = peer.getJsonArray("addresses").getValuesAs(JsonString::getString);
    if (addresses.isEmpty()) {
      output.line("/p2p/" + id);
    }
    addresses.forEach(a -> output.line(a + "/p2p/" + id));
  }
}
