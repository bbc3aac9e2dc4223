package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.block.ByteSize;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.multiformats.Cid;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file get`.
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Fetch a file or folder from all who have it, and write it here.")
public final class GetFileCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID[/PATH]", description = "What to fetch.")
  private String content = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "Where to write it (default: its name, or the CID); - for standard output.")
  private String target = "";

  @Option(names = "--pin", description = "Let the node keep it too.")
  private boolean pin;

  @Mixin private Fetching fetching = new Fetching();
  @Mixin private Saving saving = new Saving();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    ContentArgument wanted = ContentArgument.parse(content);
    boolean print = target.equals("-");
    Path path = Path.of(target.isEmpty() ? wanted.name() : target);
    if (!print) {
      saving.requireFree(path);
    }
    RpcClient node = rpc.client();
    Cid cid =
        wanted.path().isEmpty()
            ? wanted.root()
            : wanted.resolve(new UnixFs(new NodeHttp(node))).cid();
    JsonObject report = fetching.fetch(node, cid, wanted.name(), pin, output);
    Entry here = new ContentArgument(cid, "").resolve(new UnixFs(new NodeHttp(node)));
    if (print) {
      if (here.kind() != Entry.Kind.FILE) {
        throw CliException.usage("only a file can go to standard output; use -o PATH");
      }
      Saving.print(node, cid, 0, here.size());
      Fetching.report(report, output);
      return Exit.DONE.code();
    }
    long bytes = saving.save(node, cid, here.size(), path, output).bytes();
    if (output.isJson()) {
      output.json(
          Json.createObjectBuilder(report).add("path", path.toString()).add("size", bytes).build());
    } else {
      Fetching.report(report, output);
      output.line(path + "  " + ByteSize.shown(bytes));
    }
    return Exit.DONE.code();
  }
}
