package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcOption;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file import`.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Give the node the blocks of a CAR, and pin its roots.")
public final class ImportCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CAR", description = "A file; - for standard input.")
  private String car = "";

  @Option(names = "--name", paramLabel = "NAME", description = "What to call it in 'file pins'.")
  private String name = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (InputStream in =
            car.equals(Adding.STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(car));
        Meter meter = new Meter("import", output.isJson())) {
      JsonObject done = new NodeHttp(rpc.client()).importCar(name, NodeHttp.all(in, meter));
      if (output.isJson()) {
        output.json(done);
      } else {
        done.getJsonArray("roots").getValuesAs(JsonString::getString).forEach(output::line);
      }
      return 0;
    } catch (IOException e) {
      throw CliException.failed(Adding.reason(car, e));
    }
  }
}
