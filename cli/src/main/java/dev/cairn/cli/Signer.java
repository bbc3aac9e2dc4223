package dev.cairn.cli;

import dev.cairn.core.Address;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.keys.Keystore;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Whose key signs.
public final class Signer {

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Key file, or the name of a key in the key folder; else CAIRN_KEY.")
  private String key = "";

  @Mixin private Passphrase passphrase = new Passphrase();

  /// The account of the key that was named, without opening it; empty when none was.
  public Optional<Address> address() {
    return file().map(f -> Address.of(Hex.decode(Keystore.read(f).publicKey())));
  }

  /// Opens the key.
  public Ed25519Key open() {
    Path file =
        file()
            .orElseThrow(
                () ->
                    CliException.usage(
                        "a key is needed to sign: --key FILE (make one with 'cairn keys new NAME')"));
    return Keystore.read(file).open(passphrase.ask(file.toString()));
  }

  private Optional<Path> file() {
    return Optional.of(key)
        .filter(s -> !s.isEmpty())
        .or(() -> Optional.ofNullable(System.getenv("CAIRN_KEY")).filter(s -> !s.isEmpty()))
        .map(Home::key);
  }
}
