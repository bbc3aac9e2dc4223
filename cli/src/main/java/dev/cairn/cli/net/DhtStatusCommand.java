package dev.cairn.cli.net;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn dht status`.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show a node's part in the DHT.")
final class DhtStatusCommand implements Callable<Integer> {

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject json = rpc.client().object("dht_status", RpcClient.params());
    if (output.isJson()) {
      output.json(json);
      return 0;
    }
    List<String[]> pairs = new ArrayList<>();
    json.forEach((name, value) -> pairs.add(new String[] {name, plain(value)}));
    output.pairs(pairs);
    return 0;
  }

  private static String plain(JsonValue value) {
    return value instanceof JsonString text ? text.getString() : value.toString();
  }
}
