package dev.cairn.cli.chain;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.cli.light.Verification;
import dev.cairn.cli.light.VerifiedNode.Proven;
import dev.cairn.core.Coins;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.api.ChainJson;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn tx`.
@Command(
    name = "tx",
    mixinStandardHelpOptions = true,
    description = "Show a transaction and what became of it.")
public final class TxCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ID", description = "The transaction's CID.")
  private String id = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Verification verification = new Verification();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject json =
        verification.wanted()
            ? verified()
            : rpc.client().object("tx_get", RpcClient.params().add("tx", id));
    if (output.isJson()) {
      output.json(json);
      return 0;
    }
    List<String[]> pairs = new ArrayList<>();
    pairs.add(new String[] {"id", json.getString("tx")});
    pairs.add(new String[] {"status", json.getString("status")});
    if (json.containsKey("height")) {
      pairs.add(
          new String[] {"block", json.getString("block") + " at height " + json.get("height")});
    }
    if (json.containsKey("confirmations")) {
      pairs.add(new String[] {"confirmations", BlockCommand.plain(json, "confirmations")});
    }
    JsonObject transaction = json.getJsonObject("transaction");
    pairs.add(new String[] {"sender", transaction.getString("sender")});
    pairs.add(new String[] {"nonce", BlockCommand.plain(transaction, "nonce")});
    pairs.add(new String[] {"fee", Coins.format(Long.parseLong(transaction.getString("fee")))});
    pairs.add(new String[] {"size", transaction.get("size") + " bytes"});
    transaction
        .getJsonObject("payload")
        .forEach((name, value) -> pairs.add(new String[] {name, BlockCommand.plain(value)}));
    output.pairs(pairs);
    return 0;
  }

  private JsonObject verified() {
    Proven<Transaction> proven = verification.over(rpc.client()).transaction(Cid.parse(id));
    if (!output.isJson()) {
      output.note(proven.note());
    }
    return RpcClient.params()
        .add("tx", id)
        .add("status", "final")
        .add("height", proven.header().height())
        .add("block", proven.header().id().toString())
        .add("transaction", ChainJson.transaction(proven.value()))
        .add("verified", proven.json())
        .build();
  }
}
