package dev.cairn.cli.keys;

import dev.cairn.cli.Output;
import dev.cairn.cli.Passphrase;
import dev.cairn.crypto.Ed25519Key;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn keys new`.
@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = "Make a key and keep it encrypted; prints its address.")
final class NewKeyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "A name, or a path ending in .json.")
  private String name = "";

  @Mixin private Passphrase passphrase = new Passphrase();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Path file = KeyFiles.fresh(name);
    Ed25519Key key = Ed25519Key.generate(new SecureRandom());
    KeyFiles.write(file, key, passphrase.choose(name), output);
    return 0;
  }
}
