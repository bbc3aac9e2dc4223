package dev.cairn.cli.chain;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn block`.
@Command(
    name = "block",
    mixinStandardHelpOptions = true,
    description = "Show a block, the newest final one unless said otherwise.")
public final class BlockCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "HEIGHT|CID",
      description = "Which block; else the newest final one.")
  private String which = "";

  @Option(names = "--raw", description = "Add the encoded header, body and certificate (--json).")
  private boolean raw;

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    var params = RpcClient.params().add("raw", raw);
    if (which.matches("[0-9]{1,18}")) {
      params.add("height", Long.parseLong(which));
    } else if (!which.isEmpty()) {
      if (!which.startsWith("b")) {
        throw CliException.usage("a block is named by its height or its CID, not '" + which + "'");
      }
      params.add("id", which);
    }
    JsonObject block = rpc.client().object("chain_getBlock", params);
    if (output.isJson()) {
      output.json(block);
      return 0;
    }
    JsonArray transactions = block.getJsonArray("transactions");
    output.pairs(
        List.of(
            new String[] {"id", block.getString("id")},
            new String[] {"height", plain(block, "height")},
            new String[] {
              "time", Instant.ofEpochMilli(block.getJsonNumber("time").longValue()).toString()
            },
            new String[] {"parent", plain(block, "parent")},
            new String[] {"state root", block.getString("stateRoot")},
            new String[] {"final", plain(block, "final")},
            new String[] {"confirmations", plain(block, "confirmations")},
            new String[] {"size", plain(block, "size") + " bytes"},
            new String[] {"transactions", Integer.toString(transactions.size())}));
    for (JsonObject transaction : transactions.getValuesAs(JsonObject.class)) {
      output.line(
          "  "
              + transaction.getString("id")
              + "  "
              + transaction.getJsonObject("payload").getString("type"));
    }
    return 0;
  }

  static String plain(JsonObject object, String name) {
    return plain(object.getOrDefault(name, JsonValue.NULL));
  }

  static String plain(JsonValue value) {
    return value instanceof JsonString text ? text.getString() : String.valueOf(value);
  }
}
