package dev.cairn.cli.net;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn dht put`.
@Command(
    name = "put",
    mixinStandardHelpOptions = true,
    description = {
      "Put text under a name of the node's own, signed with its identity.",
      "Peers keep it for 48 hours; this is no record on the chain (for that: cairn put)."
    })
final class DhtPutCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "Up to 64 bytes.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "VALUE", description = "Up to 4,096 bytes.")
  private String value = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    JsonObject put =
        rpc.client()
            .object(
                "dht_put",
                RpcClient.params().add("name", name).add("value", encoded),
                FindPeerCommand.TIMEOUT);
    if (output.isJson()) {
      output.json(put);
    } else {
      output.line(
          "stored by "
              + put.get("stored")
              + " peers; read it with: cairn dht get "
              + put.getString("peer")
              + " "
              + name);
    }
    return 0;
  }
}
