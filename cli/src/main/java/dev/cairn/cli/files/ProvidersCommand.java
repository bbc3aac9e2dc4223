package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file providers`.
@Command(
    name = "providers",
    mixinStandardHelpOptions = true,
    description = "Show peers that say they have a root.")
public final class ProvidersCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID", description = "The root.")
  private String cid = "";

  @Option(names = "--wait", paramLabel = "SECONDS", description = "How long to look (default: 5).")
  private long seconds = 5;

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject found =
        rpc.client()
            .object(
                "file_providers",
                RpcClient.params().add("cid", cid).add("waitMillis", seconds * 1_000),
                Duration.ofSeconds(seconds + 30));
    if (output.isJson()) {
      output.json(found);
      return 0;
    }
    var providers = found.getJsonArray("providers").getValuesAs(JsonObject.class);
    if (providers.isEmpty()) {
      output.line("nobody says so");
    }
    for (JsonObject provider : providers) {
      output.line(
          provider.getString("peerId")
              + "  "
              + (provider.getBoolean("self")
                  ? "this node"
                  : String.join(
                      " ", provider.getJsonArray("addresses").getValuesAs(JsonString::getString))));
    }
    return 0;
  }
}
