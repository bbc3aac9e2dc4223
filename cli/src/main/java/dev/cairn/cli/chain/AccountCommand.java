package dev.cairn.cli.chain;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.cli.Signer;
import dev.cairn.cli.light.Verification;
import dev.cairn.cli.light.VerifiedNode.Proven;
import dev.cairn.core.Address;
import dev.cairn.core.Coins;
import dev.cairn.core.state.Account;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn account`.
@Command(
    name = "account",
    mixinStandardHelpOptions = true,
    description = "Show an account's final balance and its nonce.")
public final class AccountCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ADDRESS",
      description = "The account; else that of --key.")
  private String address = "";

  @Mixin private Signer signer = new Signer();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Verification verification = new Verification();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Address account =
        address.isEmpty()
            ? signer
                .address()
                .orElseThrow(() -> CliException.usage("say which account: ADDRESS or --key FILE"))
            : Address.parse(address);
    if (verification.wanted()) {
      return verified(account);
    }
    JsonObject json =
        rpc.client().object("account_get", RpcClient.params().add("address", account.toString()));
    if (output.isJson()) {
      output.json(json);
    } else {
      output.pairs(
          List.of(
              new String[] {"address", json.getString("address")},
              new String[] {"balance", Coins.format(Long.parseLong(json.getString("balance")))},
              new String[] {
                "nonce", json.get("nonce") + " (next: " + json.get("nextNonce") + ")"
              }));
    }
    return 0;
  }

  private int verified(Address address) {
    Proven<Account> account = verification.over(rpc.client()).account(address);
    if (output.isJson()) {
      output.json(
          RpcClient.params()
              .add("address", address.toString())
              .add("balance", Long.toString(account.value().balance()))
              .add("nonce", account.value().nonce())
              .add("verified", account.json())
              .build());
    } else {
      output.pairs(
          List.of(
              new String[] {"address", address.toString()},
              new String[] {"balance", Coins.format(account.value().balance())},
              new String[] {"nonce", Long.toString(account.value().nonce())}));
      output.note(account.note());
    }
    return 0;
  }
}
