package dev.cairn.cli.chain;

import dev.cairn.cli.Home;
import dev.cairn.cli.RpcClient;
import dev.cairn.core.Coins;
import dev.cairn.core.staking.Unstake;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.keys.Keystore;
import java.util.concurrent.Callable;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn unstake`.
@Command(
    name = "unstake",
    mixinStandardHelpOptions = true,
    description = {
      "Take back stake of a validator of the signing account. It is paid after the chain's"
          + " unbonding",
      "time. With all of it the validator leaves; it votes to the end of the next epoch."
    },
    footer = {"", "Example:  cairn unstake validator.json all --key alice --wait"})
public final class UnstakeCommand implements Callable<Integer> {

  private static final String ALL = "all";

  @Parameters(
      index = "0",
      paramLabel = "KEY",
      description = "The validator's public key in hexadecimal, or its key file.")
  private String key = "";

  @Parameters(
      index = "1",
      paramLabel = "AMOUNT",
      description = "Coins, with up to 9 decimals, or 'all'.")
  private String amount = "";

  @Mixin private Submission submission = new Submission();

  @Override
  public Integer call() {
    String hex = key.matches("[0-9a-fA-F]{64}") ? key : Keystore.read(Home.key(key)).publicKey();
    Bytes validator = Bytes.wrap(Hex.decode(hex));
    long coins = amount.equals(ALL) ? 0 : Coins.parse(amount);
    return submission.submit(
        (sender, node) -> new Unstake(validator, amount.equals(ALL) ? staked(node, hex) : coins));
  }

  private static long staked(RpcClient node, String hex) {
    var validator = node.object("validator_get", RpcClient.params().add("key", hex));
    return Long.parseLong(validator.getString("stake"));
  }
}
