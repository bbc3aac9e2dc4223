package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcOption;
import dev.cairn.multiformats.Cid;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file pin`.
@Command(
    name = "pin",
    mixinStandardHelpOptions = true,
    description = "Keep a root with all below it; fetch what is not here.")
public final class PinCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID", description = "The root.")
  private String cid = "";

  @Option(names = "--name", paramLabel = "NAME", description = "What to call it.")
  private String name = "";

  @Mixin private Fetching fetching = new Fetching();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Cid root = Cid.parse(cid);
    JsonObject report = fetching.fetch(rpc.client(), root, name, true, output);
    if (output.isJson()) {
      output.json(report);
    } else {
      Fetching.report(report, output);
      output.line(cid + " is pinned");
    }
    return 0;
  }
}
