package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file publish`.
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Let peers ask this node for something by a name ('cairn request').",
    footer = {
      "",
      "Examples:  cairn file publish photos bafybei...",
      "           cairn file publish motd --value 'back at noon'",
      "           cairn file publish prices --record cairn1.../prices",
      "           cairn file publish                          shows what is published"
    })
public final class PublishCommand implements Callable<Integer> {

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "What peers ask for.")
  private String name = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "CID", description = "A file or folder.")
  private String cid = "";

  @Option(names = "--value", paramLabel = "TEXT", description = "Text, given as it is.")
  private String value = "";

  @Option(
      names = "--record",
      paramLabel = "OWNER/NAME",
      description = "A record of the chain, given as it is then.")
  private String record = "";

  @Option(names = "--remove", description = "Publish the name no more.")
  private boolean remove;

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    RpcClient node = rpc.client();
    if (name.isEmpty()) {
      list(node.object("file_published", RpcClient.params()));
      return 0;
    }
    JsonObjectBuilder params = RpcClient.params().add("name", name);
    if (!cid.isEmpty()) {
      params.add("cid", cid);
    }
    if (!value.isEmpty()) {
      params.add(
          "value", Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    }
    if (!record.isEmpty()) {
      int slash = record.indexOf('/');
      if (slash < 1) {
        throw CliException.usage("--record takes OWNER/NAME");
      }
      params.add("owner", record.substring(0, slash)).add("record", record.substring(slash + 1));
    }
    JsonObject done = node.object(remove ? "file_unpublish" : "file_publish", params);
    if (output.isJson()) {
      output.json(done);
    } else {
      output.line(name + (remove ? " is no longer published" : " is published"));
    }
    return 0;
  }

  private void list(JsonObject all) {
    if (output.isJson()) {
      output.json(all);
      return;
    }
    for (JsonObject one : all.getJsonArray("published").getValuesAs(JsonObject.class)) {
      String what =
          switch (one.getString("kind")) {
            case "file" -> one.getString("cid");
            case "record" -> one.getString("owner") + "/" + one.getString("record");
            default -> Base64.getDecoder().decode(one.getString("value")).length + " bytes";
          };
      output.line(one.getString("name") + "  " + one.getString("kind") + "  " + what);
    }
  }
}
