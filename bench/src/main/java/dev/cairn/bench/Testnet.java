package dev.cairn.bench;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A network of `cairn testnet` in a folder of its own, gone when it is closed.
final class Testnet implements AutoCloseable {

  private static final int STOP_SECONDS_MAX = 30;

  private final Path folder;
  private final Process process;
  private final JsonObject info;

  /// Starts one, and returns when its nodes agree on a block.
  ///
  /// @param engine as `cairn testnet --engine` names it
  /// @param port the first of two for each node
  Testnet(String engine, int nodes, int port) throws IOException {
    this.folder = Files.createTempDirectory("cairn-engines");
    List<String> command =
        List.of(
            System.getProperty("cairn.launcher", "cairn"),
            "testnet",
            "--json",
            "--engine",
            engine,
            "--nodes",
            String.valueOf(nodes),
            "--dir",
            folder.toString(),
            "--base-port",
            String.valueOf(port));
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader reader = process.inputReader();
    String line = reader.readLine();
    if (line == null) {
      close();
      throw new IOException("the testnet did not start");
    }
    try (var json = Json.createReader(new StringReader(line))) {
      this.info = json.readObject();
    }
  }

  Path folder() {
    return folder;
  }

  /// The RPC of the node that was started last.
  String url() {
    var nodes = info.getJsonArray("nodes");
    return nodes.getJsonObject(nodes.size() - 1).getString("rpc");
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
