package dev.cairn.cli.keys;

import dev.cairn.cli.Home;
import dev.cairn.cli.Output;
import dev.cairn.node.keys.Keystore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn keys show`.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show a key's address; needs no passphrase.")
final class ShowKeyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "A name, or a key file.")
  private String name = "";

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Path file = Home.key(name);
    KeyFiles.print(file, Keystore.read(file), output);
    return 0;
  }
}
