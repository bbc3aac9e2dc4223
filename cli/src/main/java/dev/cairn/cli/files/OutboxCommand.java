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

/// `cairn file outbox`.
@Command(
    name = "outbox",
    mixinStandardHelpOptions = true,
    description = "Show what the node sends to peers.")
public final class OutboxCommand implements Callable<Integer> {

  @Option(names = "--withdraw", paramLabel = "ID", description = "Take that offer back.")
  private String withdraw = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    RpcClient node = rpc.client();
    if (!withdraw.isEmpty()) {
      JsonObject done = node.object("file_withdraw", RpcClient.params().add("id", withdraw));
      if (output.isJson()) {
        output.json(done);
      }
      return 0;
    }
    JsonObject outbox = node.object("file_outbox", RpcClient.params());
    if (output.isJson()) {
      output.json(outbox);
      return 0;
    }
    for (JsonObject offer : outbox.getJsonArray("offers").getValuesAs(JsonObject.class)) {
      output.line(
          String.join(
              "  ",
              offer.getString("id"),
              offer.getString("state"),
              ByteSize.shown(Fetching.number(offer, "bytes"))
                  + " of "
                  + ByteSize.shown(Fetching.number(offer, "size")),
              Names.shown(offer.getString("name")),
              "to " + offer.getString("to"),
              Names.shown(offer.getString("reason"))));
    }
    return 0;
  }
}
