package dev.cairn.cli.keys;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.Passphrase;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn keys import`.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Keep a key that you have as 32 bytes of hex, encrypted.")
final class ImportKeyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "A name, or a path ending in .json.")
  private String name = "";

  @Option(
      names = "--seed-file",
      required = true,
      paramLabel = "FILE",
      description =
          "The Ed25519 seed, 64 hex digits; never on the command line, where others see it.")
  private Path seed = Path.of("");

  @Mixin private Passphrase passphrase = new Passphrase();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Path file = KeyFiles.fresh(name);
    KeyFiles.write(file, key(), passphrase.choose(name), output);
    return 0;
  }

  private Ed25519Key key() {
    try {
      byte[] bytes = Hex.decode(Passphrase.firstLine(seed).strip());
      if (bytes.length == 32) {
        return Ed25519Key.fromSeed(bytes);
      }
    } catch (MalformedException e) {
      // Said below, without showing what the file holds.
    }
    throw CliException.failed(seed + " does not hold 64 hex digits");
  }
}
