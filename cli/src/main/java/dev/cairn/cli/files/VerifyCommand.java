package dev.cairn.cli.files;

import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.block.ByteSize;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn file verify`.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Hash every block of the node again.")
public final class VerifyCommand implements Callable<Integer> {

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject done = rpc.client().object("file_verify", RpcClient.params(), CollectCommand.LONG);
    if (output.isJson()) {
      output.json(done);
    } else {
      output.line(
          Fetching.number(done, "blocks")
              + " blocks, "
              + ByteSize.shown(Fetching.number(done, "bytes"))
              + ", "
              + Fetching.number(done, "faulty")
              + " faults");
      done.getJsonArray("faults").getValuesAs(JsonString::getString).forEach(output::line);
    }
    return Fetching.number(done, "faulty") == 0 ? 0 : Exit.FAILED.code();
  }
}
