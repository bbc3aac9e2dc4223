package dev.cairn.cli.chain;

import dev.cairn.cli.Home;
import dev.cairn.cli.Passphrase;
import dev.cairn.core.Coins;
import dev.cairn.core.staking.Possession;
import dev.cairn.core.staking.Stake;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.node.keys.Keystore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn stake`.
@Command(
    name = "stake",
    mixinStandardHelpOptions = true,
    description = {
      "Make a key a validator, or add to its stake. It votes from the epoch after the next;",
      "let a node with that key catch up meanwhile."
    },
    footer = {
      "",
      "Example:  cairn stake validator.json 1000 --validator-password-file validator.password \\",
      "            --key alice --wait"
    })
public final class StakeCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "KEYFILE",
      description = "The validator's key file, or its name in the key folder.")
  private String file = "";

  @Parameters(
      index = "1",
      paramLabel = "AMOUNT",
      description = "Coins of the signing account, with up to 9 decimals.")
  private String amount = "";

  @Option(
      names = "--validator-password-file",
      paramLabel = "FILE",
      description =
          "Read the validator key's passphrase from the file's first line; else a prompt.")
  private Path password = Path.of("");

  @Mixin private Submission submission = new Submission();

  @Override
  public Integer call() {
    long coins = Coins.parse(amount);
    Path path = Home.key(file);
    Ed25519Key validator =
        Keystore.read(path).open(Passphrase.ask(password, "the validator's key " + path));
    Bytes key = Bytes.wrap(validator.publicKey());
    return submission.submit(
        (sender, node) -> new Stake(key, Possession.prove(validator, sender), coins));
  }
}
