package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.block.ByteSize;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn file ls`.
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "Show the entries of a folder.")
public final class ListCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID[/PATH]", description = "A folder.")
  private String content = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    ContentArgument wanted = ContentArgument.parse(content);
    JsonObject folder =
        rpc.client()
            .object(
                "file_ls",
                RpcClient.params().add("cid", wanted.root().toString()).add("path", wanted.path()),
                Duration.ofMinutes(2));
    if (output.isJson()) {
      output.json(folder);
      return 0;
    }
    for (JsonObject entry : folder.getJsonArray("entries").getValuesAs(JsonObject.class)) {
      String size = ByteSize.shown(Fetching.number(entry, "dagBytes"));
      output.line(
          entry.getString("cid")
              + "  "
              + " ".repeat(9 - Math.min(9, size.length()))
              + size
              + "  "
              + Names.shown(entry.getString("name")));
    }
    return 0;
  }
}
