package dev.cairn.cli.testnet;

import dev.cairn.cli.CliException;
import dev.cairn.cli.RpcClient;
import dev.cairn.node.config.Setting;
import jakarta.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One node of a test network as a process of its own, and what it last said of itself.
final class NodeProcess {

  private static final long STOP_SECONDS_MAX = 20;

  private final int index;
  private final Path folder;
  private final Ports ports;
  private final Process process;
  private final RpcClient rpc;

  private NodeProcess(int index, Path folder, Ports ports, Process process) {
    this.index = index;
    this.folder = folder;
    this.ports = ports;
    this.process = process;
    this.rpc = new RpcClient(ports.rpcUrl(index));
  }

  /// Starts `cairn run` in the node's folder. Its standard input is a pipe that ends when this
  /// process does, whatever ends it; the node then stops by itself.
  static NodeProcess start(int index, Path folder, Ports ports) {
    List<String> command = new ArrayList<>();
    command.add(
        Optional.ofNullable(System.getenv("CAIRN_LAUNCHER"))
            .orElseThrow(
                () -> CliException.failed("start this command with the 'cairn' launcher")));
    command.addAll(List.of("run", "--data", folder.toString(), "--stop-at-end-of-input"));
    File log = folder.resolve("node.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .redirectError(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().put("CAIRN_NO_BUILD", "1");
    for (Setting setting : Setting.values()) {
      if (setting != Setting.LOG) {
        builder.environment().remove(setting.environment());
      }
    }
    try {
      return new NodeProcess(index, folder, ports, builder.start());
    } catch (IOException e) {
      throw CliException.failed("cannot start node " + index + ": " + e.getMessage());
    }
  }

  String name() {
    return "node" + index;
  }

  Path folder() {
    return folder;
  }

  long pid() {
    return process.pid();
  }

  String peerAddress() {
    return ports.peerAddress(index);
  }

  String rpcUrl() {
    return ports.rpcUrl(index);
  }

  boolean alive() {
    return process.isAlive();
  }

  /// Empty when the node does not answer, whether it is this process or one that was started in its
  /// place.
  Optional<JsonObject> status() {
    try {
      return Optional.of(rpc.object("node_status", RpcClient.params(), Duration.ofSeconds(2)));
    } catch (CliException e) {
      return Optional.empty();
    }
  }

  void requestStop() {
    process.destroy();
  }

  /// Waits for the process to end; false when it had to be killed.
  boolean awaitStop() throws InterruptedException {
    if (process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
      return true;
    }
    process.destroyForcibly().waitFor();
    return false;
  }
}
