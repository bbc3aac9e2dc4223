package dev.cairn.cli.chain;

import dev.cairn.core.transaction.Delete;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn delete`.
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Delete a record of yours; its history stays.")
public final class DeleteCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "The record's name.")
  private String name = "";

  @Option(
      names = "--expect",
      paramLabel = "VERSION",
      description = "Refuse unless this is the record's latest version.")
  private long expect = -1;

  @Mixin private Submission submission = new Submission();

  @Override
  public Integer call() {
    return submission.submit(new Delete(name, PutCommand.expected(expect)));
  }
}
