package dev.cairn.cli.keys;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Home;
import dev.cairn.cli.Output;
import dev.cairn.node.keys.Keystore;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn keys list`.
@Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys you keep.")
final class ListKeysCommand implements Callable<Integer> {

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    List<Path> files = files();
    if (output.isJson()) {
      var list = Json.createArrayBuilder();
      files.forEach(f -> list.add(KeyFiles.json(f, Keystore.read(f))));
      output.json(list.build());
      return 0;
    }
    if (files.isEmpty()) {
      output.line("no keys in " + Home.keys() + "; make one with 'cairn keys new NAME'");
    }
    for (Path file : files) {
      Keystore keystore = Keystore.read(file);
      output.line(KeyFiles.address(keystore) + "  " + keystore.description());
    }
    return 0;
  }

  private static List<Path> files() {
    if (!Files.isDirectory(Home.keys())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(Home.keys())) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw CliException.failed("cannot list " + Home.keys() + ": " + e.getMessage());
    }
  }
}
