package dev.cairn.cli.net;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn dht providers`.
@Command(
    name = "providers",
    mixinStandardHelpOptions = true,
    description = "Show who has what a CID names.")
final class ProvidersCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID", description = "What is looked for.")
  private String cid = "";

  @Option(names = "--max", paramLabel = "N", description = "Stop after so many (1 to 100, 20).")
  private int max = 20;

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonArray found =
        (JsonArray)
            rpc.client()
                .value(
                    "dht_providers",
                    RpcClient.params().add("cid", cid).add("max", max),
                    FindPeerCommand.TIMEOUT);
    if (output.isJson()) {
      output.json(found);
      return found.isEmpty() ? Exit.NOT_FOUND.code() : 0;
    }
    if (found.isEmpty()) {
      throw new CliException(Exit.NOT_FOUND, "nobody in the DHT has " + cid);
    }
    found.getValuesAs(JsonObject.class).forEach(p -> FindPeerCommand.print(output, p));
    return 0;
  }
}
