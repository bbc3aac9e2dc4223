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

/// `cairn dht get`.
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Show what a peer has put under a name of its own.")
final class DhtGetCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "PEER", description = "A peer id.")
  private String peer = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Up to 64 bytes.")
  private String name = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject record =
        rpc.client()
            .object(
                "dht_get",
                RpcClient.params().add("peer", peer).add("name", name),
                FindPeerCommand.TIMEOUT);
    if (output.isJson()) {
      output.json(record);
    } else {
      byte[] value = Base64.getDecoder().decode(record.getString("value"));
      output.line(new String(value, StandardCharsets.UTF_8));
    }
    return 0;
  }
}
