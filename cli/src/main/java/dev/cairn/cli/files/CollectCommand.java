package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.block.ByteSize;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn file gc`.
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = "Remove blocks that no pin keeps.")
public final class CollectCommand implements Callable<Integer> {

  /// Every block may have to be looked at.
  static final Duration LONG = Duration.ofHours(2);

  @Option(
      names = "--recent",
      paramLabel = "SECONDS",
      description = "Keep what came within so many seconds (default: 3600).")
  private long recent = 3_600;

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject done =
        rpc.client().object("file_gc", RpcClient.params().add("recentSeconds", recent), LONG);
    if (output.isJson()) {
      output.json(done);
    } else {
      output.line(sentence(done));
    }
    return 0;
  }

  static String sentence(JsonObject done) {
    return "removed "
        + Fetching.number(done, "removedBlocks")
        + " blocks, "
        + ByteSize.shown(Fetching.number(done, "removedBytes"))
        + "; kept "
        + Fetching.number(done, "keptBlocks");
  }
}
