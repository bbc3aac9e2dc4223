package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.block.ByteSize;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn file inbox`.
@Command(
    name = "inbox",
    mixinStandardHelpOptions = true,
    description = "Show what peers send, and take or refuse what waits.",
    footer = {
      "",
      "Examples:  cairn file inbox",
      "           cairn file inbox accept 5f0a3c9d21e4",
      "",
      "What is taken without asking is set by inbox_accept, inbox_allow, inbox_size_max and"
          + " inbox_quota ('cairn config')."
    })
public final class InboxCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "list|accept|refuse",
      description = "What to do (default: list).")
  private String action = "list";

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "Which offer.")
  private String id = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    RpcClient node = rpc.client();
    switch (action) {
      case "list" -> list(node);
      case "accept", "refuse" -> {
        if (id.isEmpty()) {
          throw CliException.usage("say which offer: cairn file inbox " + action + " ID");
        }
        JsonObject done = node.object("file_" + action, RpcClient.params().add("id", id));
        if (output.isJson()) {
          output.json(done);
        } else {
          output.line(id + (action.equals("accept") ? " is being fetched" : " is refused"));
        }
      }
      default -> throw CliException.usage("cairn file inbox takes list, accept ID or refuse ID");
    }
    return 0;
  }

  private void list(RpcClient node) {
    JsonObject inbox = node.object("file_inbox", RpcClient.params());
    if (output.isJson()) {
      output.json(inbox);
      return;
    }
    for (JsonObject offer : inbox.getJsonArray("offers").getValuesAs(JsonObject.class)) {
      output.line(
          String.join(
              "  ",
              offer.getString("id"),
              offer.getString("state"),
              ByteSize.shown(Fetching.number(offer, "size")),
              Names.shown(offer.getString("name")),
              "from " + offer.getString("from"),
              offer.getString("path") + Names.shown(offer.getString("reason"))));
    }
  }
}
