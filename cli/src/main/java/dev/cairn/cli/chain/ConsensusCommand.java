package dev.cairn.cli.chain;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.core.Coins;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn consensus`.
@Command(
    name = "consensus",
    mixinStandardHelpOptions = true,
    description = {
      "Show where the validators stand: epoch, slot, leader, quorum, and whose votes",
      "are here and whose are missing."
    })
public final class ConsensusCommand implements Callable<Integer> {

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject json = rpc.client().object("consensus_status", RpcClient.params());
    if (output.isJson()) {
      output.json(json);
    } else if (!json.containsKey("validators")) {
      output.line("engine  " + json.getString("engine") + ", which has no validators");
    } else {
      show(json);
    }
    return 0;
  }

  private void show(JsonObject json) {
    int leader = json.getInt("leader");
    List<String[]> pairs = new ArrayList<>();
    pairs.add(new String[] {"engine", json.getString("engine")});
    pairs.add(new String[] {"epoch", json.getJsonNumber("epoch").toString()});
    pairs.add(
        new String[] {
          "slot",
          json.get("slot") + ", led by validator " + leader + "; final is " + json.get("finalSlot")
        });
    pairs.add(
        new String[] {
          "quorum", coins(json, "quorum") + " of " + coins(json, "totalStake") + " staked"
        });
    pairs.add(new String[] {"this node", self(json)});
    output.pairs(pairs);
    output.line("");
    output.line("%-3s %-66s %14s  %s".formatted("", "validator", "stake", "last heard"));
    for (JsonObject v : json.getJsonArray("validators").getValuesAs(JsonObject.class)) {
      output.line(
          "%-3s %-66s %14s  %s"
              .formatted(v.get("index"), v.getString("key"), coins(v, "stake"), heard(v, json)));
    }
    output.line("");
    json.getJsonArray("slots").getValuesAs(JsonObject.class).forEach(this::slot);
    waiting(json);
  }

  private static String self(JsonObject json) {
    if (json.isNull("self")) {
      return "follows";
    }
    return "validator " + json.get("self") + (json.getBoolean("voting") ? "" : ", not voting now");
  }

  private static String heard(JsonObject validator, JsonObject json) {
    if (validator.getJsonNumber("index").equals(json.get("self"))) {
      return "this node";
    }
    return validator.containsKey("heardMillisAgo")
        ? "%.1f s ago, peer %s"
            .formatted(
                validator.getJsonNumber("heardMillisAgo").longValue() / 1e3,
                validator.getString("peerId"))
        : "not since this node started";
  }

  private void slot(JsonObject slot) {
    output.line(
        "slot "
            + slot.get("slot")
            + ": leader "
            + slot.get("leader")
            + (slot.containsKey("proposal") ? ", proposed" : ", nothing proposed")
            + votes(slot, "notarize")
            + votes(slot, "skip")
            + votes(slot, "finalize"));
  }

  private static String votes(JsonObject slot, String kind) {
    JsonArray voters = slot.getJsonObject(kind).getJsonArray("voters");
    return voters.isEmpty() ? "" : "; " + kind + ": " + list(voters);
  }

  private void waiting(JsonObject json) {
    JsonArray missing = json.getJsonArray("missing");
    if (json.isNull("waitingFor")) {
      output.line("nothing is under way");
      return;
    }
    output.line(
        missing.isEmpty()
            ? "every validator has voted in slot " + json.get("waitingFor")
            : "slot "
                + json.get("waitingFor")
                + " waits; no vote from: "
                + list(missing)
                + ", with a stake of "
                + coins(json, "missingStake"));
    JsonArray validators = json.getJsonArray("validators");
    for (JsonNumber index : missing.getValuesAs(JsonNumber.class)) {
      JsonObject validator = validators.getJsonObject(index.intValue());
      output.line(
          "missing   "
              + index
              + "  key "
              + validator.getString("key")
              + "  account "
              + validator.getString("account")
              + "  "
              + heard(validator, json));
    }
  }

  private static String list(JsonArray indexes) {
    return indexes.stream().map(JsonValue::toString).collect(Collectors.joining(", "));
  }

  private static String coins(JsonObject json, String name) {
    return Coins.format(Long.parseLong(json.getString(name)));
  }
}
