package dev.cairn.cli.node;

import dev.cairn.cli.Output;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.node.NodeFolder;
import jakarta.json.Json;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn init`.
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = "Make a folder a node of a chain.")
public final class InitCommand implements Callable<Integer> {

  @Option(
      names = "--chain",
      required = true,
      paramLabel = "SPEC",
      description = "The chain spec file.")
  private Path chain = Path.of("");

  @Mixin private DataOption data = new DataOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    ChainSpec spec = NodeFolder.readSpec(chain);
    NodeFolder folder = data.folder();
    folder.init(spec);
    if (output.isJson()) {
      output.json(
          Json.createObjectBuilder()
              .add("data", folder.path().toString())
              .add("chain", spec.chainId().toString())
              .add("genesis", spec.genesis().id().toString())
              .build());
    } else {
      output.line(
          folder.path() + " is a node of the chain '" + spec.name() + "' " + spec.chainId());
      output.line("start it with: cairn run --data " + folder.path());
    }
    return 0;
  }
}
