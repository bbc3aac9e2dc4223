package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.block.ByteSize;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn file downloads`.
@Command(
    name = "downloads",
    mixinStandardHelpOptions = true,
    description = "Show what the node fetches and has fetched.")
public final class DownloadsCommand implements Callable<Integer> {

  @Option(names = "--cancel", paramLabel = "CID", description = "Give that one up.")
  private String cancel = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    RpcClient node = rpc.client();
    if (!cancel.isEmpty()) {
      JsonObject done = node.object("file_cancel", RpcClient.params().add("cid", cancel));
      if (output.isJson()) {
        output.json(done);
      }
      return 0;
    }
    JsonObject all = node.object("file_downloads", RpcClient.params());
    if (output.isJson()) {
      output.json(all);
      return 0;
    }
    for (JsonObject one : all.getJsonArray("downloads").getValuesAs(JsonObject.class)) {
      output.line(
          String.join(
              "  ",
              one.getString("cid"),
              one.getString("state"),
              ByteSize.shown(Fetching.number(one, "bytes")),
              Names.shown(one.getString("name")),
              one.getString("reason")));
    }
    return 0;
  }
}
