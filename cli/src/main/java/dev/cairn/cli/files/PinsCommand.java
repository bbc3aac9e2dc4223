package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn file pins`.
@Command(
    name = "pins",
    mixinStandardHelpOptions = true,
    description = "Show the roots that the node keeps.")
public final class PinsCommand implements Callable<Integer> {

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject pins = rpc.client().object("file_pins", RpcClient.params());
    if (output.isJson()) {
      output.json(pins);
      return 0;
    }
    for (JsonObject pin : pins.getJsonArray("pins").getValuesAs(JsonObject.class)) {
      output.line(pin.getString("cid") + "  " + pin.getString("name"));
    }
    return 0;
  }
}
