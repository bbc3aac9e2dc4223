package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn file unpin`.
@Command(
    name = "unpin",
    mixinStandardHelpOptions = true,
    description = "Let the node keep a root no more.")
public final class UnpinCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID", description = "The root.")
  private String cid = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject done = rpc.client().object("file_unpin", RpcClient.params().add("cid", cid));
    if (output.isJson()) {
      output.json(done);
    } else {
      output.line(cid + " is no longer pinned; 'cairn file gc' frees its space");
    }
    return 0;
  }
}
