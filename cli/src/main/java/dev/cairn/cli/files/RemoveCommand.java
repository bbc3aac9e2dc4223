package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn file rm`.
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = "Unpin a root and free the space of what nothing keeps.")
public final class RemoveCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID", description = "The root.")
  private String cid = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject done =
        rpc.client().object("file_rm", RpcClient.params().add("cid", cid), CollectCommand.LONG);
    if (output.isJson()) {
      output.json(done);
    } else {
      output.line(CollectCommand.sentence(done));
    }
    return 0;
  }
}
