package dev.cairn.cli.files;

import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.unixfs.Imported;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file add`.
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = "Add files and folders to the node, which keeps and offers them.")
public final class AddCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "A file or folder; - for standard input.")
  private List<String> paths = List.of();

  @Option(names = "--name", paramLabel = "NAME", description = "What to call it in 'file pins'.")
  private String name = "";

  @Option(names = "--only-hash", description = "Say what the CID is; store nothing.")
  private boolean onlyHash;

  @Mixin private Adding adding = new Adding();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonArrayBuilder list = Json.createArrayBuilder();
    for (String path : paths) {
      String called = name.isEmpty() ? nameOf(path) : name;
      Imported imported =
          onlyHash ? adding.hash(path, output) : adding.add(rpc.client(), path, called, output);
      list.add(
          RpcClient.params()
              .add("cid", imported.cid().toString())
              .add("name", called)
              .add("size", imported.size())
              .add("blocks", imported.blocks()));
      if (!output.isJson()) {
        output.line(imported.cid() + "  " + called);
      }
    }
    if (output.isJson()) {
      output.json(RpcClient.params().add("added", list).build());
    }
    return Exit.DONE.code();
  }

  /// The last name of a path; empty for standard input.
  static String nameOf(String path) {
    if (path.equals(Adding.STANDARD_INPUT)) {
      return "";
    }
    Path last = Path.of(path).toAbsolutePath().normalize().getFileName();
    return last == null ? "" : last.toString();
  }
}
