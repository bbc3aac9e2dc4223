package dev.cairn.cli.node;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.core.Hash;
import dev.cairn.node.NodeFolder;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.votes.VoteTransfer;
import jakarta.json.Json;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn votes import`.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Take over the votes in a file, so that this node may vote in place of the old one.")
public final class ImportVotesCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file = Path.of("");

  @Mixin private DataOption data = new DataOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    NodeFolder folder = data.folder();
    Hash chain = folder.readSpec().chainId();
    try {
      long records = VoteTransfer.importInto(folder.votes(), chain, file);
      if (output.isJson()) {
        output.json(
            Json.createObjectBuilder()
                .add("data", folder.path().toString())
                .add("file", file.toString())
                .add("records", records)
                .build());
      } else {
        output.line(said(folder, records));
      }
      return 0;
    } catch (StoreException e) {
      throw CliException.failed(e.getMessage());
    }
  }

  private String said(NodeFolder folder, long records) {
    return folder.path() + " has the " + records + " records of " + file;
  }
}
