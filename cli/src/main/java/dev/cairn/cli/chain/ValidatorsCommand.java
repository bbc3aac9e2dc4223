package dev.cairn.cli.chain;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.core.Coins;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn validators`.
@Command(
    name = "validators",
    mixinStandardHelpOptions = true,
    description = "Show who decides in an epoch, or what one validator has at stake.",
    footer = {"", "Example:  cairn validators --epoch 12"})
public final class ValidatorsCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "KEY",
      description = "A validator's public key in hexadecimal: show its stake and what unbonds.")
  private String key = "";

  @Option(
      names = "--epoch",
      paramLabel = "N",
      description = "Which epoch, up to the next; else the present one.")
  private long epoch = -1;

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObjectBuilder params = RpcClient.params();
    if (!key.isEmpty()) {
      JsonObject json = rpc.client().object("validator_get", params.add("key", key));
      print(json, () -> one(json));
      return 0;
    }
    if (epoch >= 0) {
      params.add("epoch", epoch);
    }
    JsonObject json = rpc.client().object("chain_getValidators", params);
    print(json, () -> set(json));
    return 0;
  }

  private void print(JsonObject json, Runnable words) {
    if (output.isJson()) {
      output.json(json);
    } else {
      words.run();
    }
  }

  private void set(JsonObject json) {
    output.line(
        "epoch %s: blocks %s to %s, set %s"
            .formatted(
                json.get("epoch"), json.get("first"), json.get("last"), json.getString("hash")));
    output.line(
        "stake %s, of which %s decide".formatted(coins(json, "stake"), coins(json, "quorum")));
    for (JsonObject one : json.getJsonArray("validators").getValuesAs(JsonObject.class)) {
      output.line(
          String.join("  ", one.getString("key"), one.getString("account"), coins(one, "stake"))
              + (one.getBoolean("punished") ? "  punished" : ""));
    }
  }

  private void one(JsonObject json) {
    output.pairs(
        List.of(
            new String[] {"key", json.getString("key")},
            new String[] {"account", json.getString("account", "none: it has no stake")},
            new String[] {"stake", coins(json, "stake")},
            new String[] {"punished", json.containsKey("punished") ? punished(json) : "no"}));
    for (JsonObject part : json.getJsonArray("unbonding").getValuesAs(JsonObject.class)) {
      output.line(
          "unbonding %s to %s, at the end of epoch %s at the earliest"
              .formatted(coins(part, "amount"), part.getString("account"), part.get("epoch")));
    }
  }

  private static String punished(JsonObject json) {
    JsonObject punished = json.getJsonObject("punished");
    return "for epoch " + punished.get("epoch") + ", in block " + punished.get("height");
  }

  private static String coins(JsonObject json, String name) {
    return Coins.format(Long.parseLong(json.getString(name)));
  }
}
