package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.car.CarWriter;
import dev.cairn.multiformats.Cid;
import jakarta.json.JsonObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file export`.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Write all blocks below a root into a CAR, each checked.")
public final class ExportCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID", description = "The root.")
  private String cid = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "CAR",
      required = true,
      description = "Where to write it; - for standard output.")
  private String target = "";

  @Mixin private Fetching fetching = new Fetching();
  @Mixin private Saving saving = new Saving();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    RpcClient node = rpc.client();
    Cid root = Cid.parse(cid);
    boolean print = target.equals("-");
    if (!print) {
      saving.requireFree(Path.of(target));
    }
    JsonObject report = fetching.fetch(node, root, "", false, output);
    try {
      if (print) {
        write(node, root, new StandardOutput());
      } else {
        saving.writeFile(Path.of(target), out -> write(node, root, out));
      }
    } catch (IOException e) {
      throw CliException.failed(Adding.reason(target, e));
    }
    if (output.isJson() && !print) {
      output.json(report);
    } else if (!output.isJson()) {
      Fetching.report(report, output);
    }
    return 0;
  }

  private static void write(RpcClient node, Cid root, OutputStream out) throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 20);
    CarWriter.write(new NodeHttp(node), List.of(root), buffered);
    buffered.flush();
  }
}
