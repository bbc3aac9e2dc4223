package dev.cairn.cli.keys;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Home;
import dev.cairn.cli.Output;
import dev.cairn.cli.Passphrase;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.keys.Keystore;
import dev.cairn.node.keys.SecretFile;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn keys export`.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Write a key's secret seed, unencrypted, to a file that only you can read.")
final class ExportKeyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "A name, or a key file.")
  private String name = "";

  @Option(
      names = "--seed-file",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the 64 hex digits; it must not exist.")
  private Path target = Path.of("");

  @Mixin private Passphrase passphrase = new Passphrase();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Path file = Home.key(name);
    byte[] seed = Keystore.read(file).open(passphrase.ask(file.toString())).seed();
    try {
      SecretFile.create(target, (Hex.encode(seed) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (FileAlreadyExistsException e) {
      throw CliException.failed(target + " exists already; it is not overwritten");
    } catch (IOException e) {
      throw CliException.failed("cannot write " + target + ": " + e.getMessage());
    }
    if (output.isJson()) {
      output.json(Json.createObjectBuilder().add("seedFile", target.toString()).build());
    } else {
      output.line("the secret is in " + target + "; whoever reads it has the account");
    }
    return 0;
  }
}
