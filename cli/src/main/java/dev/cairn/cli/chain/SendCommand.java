package dev.cairn.cli.chain;

import dev.cairn.core.Address;
import dev.cairn.core.Coins;
import dev.cairn.core.transaction.Transfer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn send`.
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = "Send coins to an account.",
    footer = {"", "Example:  cairn send cairn1... 12.5 --key alice --wait"})
public final class SendCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ADDRESS", description = "Who gets them.")
  private String to = "";

  @Parameters(index = "1", paramLabel = "AMOUNT", description = "Coins, with up to 9 decimals.")
  private String amount = "";

  @Mixin private Submission submission = new Submission();

  @Override
  public Integer call() {
    return submission.submit(new Transfer(Address.parse(to), Coins.parse(amount)));
  }
}
