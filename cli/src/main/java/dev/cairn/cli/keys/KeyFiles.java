package dev.cairn.cli.keys;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Home;
import dev.cairn.cli.Output;
import dev.cairn.core.Address;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.keys.Keystore;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/// The steps that the key commands share.
final class KeyFiles {

  private KeyFiles() {}

  /// Where a new key goes. It is checked before a passphrase is asked for.
  static Path fresh(String nameOrPath) {
    Path file = Home.key(nameOrPath);
    if (Files.exists(file)) {
      throw CliException.failed(
          "there is a key file " + file + " already; it is never overwritten");
    }
    return file;
  }

  static void write(Path file, Ed25519Key key, String passphrase, Output output) {
    String name = file.getFileName().toString().replaceFirst("\\.json$", "");
    Keystore keystore = Keystore.seal(name, key, passphrase, new SecureRandom());
    try {
      keystore.write(file);
    } catch (FileAlreadyExistsException e) {
      throw CliException.failed(
          "there is a key file " + file + " already; it is never overwritten");
    } catch (IOException e) {
      throw CliException.failed("cannot write the key file " + file + ": " + e.getMessage());
    }
    print(file, keystore, output);
  }

  static Address address(Keystore keystore) {
    return Address.of(Hex.decode(keystore.publicKey()));
  }

  static JsonObjectBuilder json(Path file, Keystore keystore) {
    return Json.createObjectBuilder()
        .add("name", keystore.description())
        .add("address", address(keystore).toString())
        .add("publicKey", keystore.publicKey())
        .add("file", file.toString());
  }

  static void print(Path file, Keystore keystore, Output output) {
    if (output.isJson()) {
      output.json(json(file, keystore).build());
    } else {
      output.line(address(keystore) + "  " + file);
    }
  }
}
