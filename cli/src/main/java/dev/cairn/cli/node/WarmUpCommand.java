package dev.cairn.cli.node;

import dev.cairn.cli.Main;
import dev.cairn.node.Node;
import dev.cairn.node.NodeFolder;
import dev.cairn.node.config.NodeConfig;
import dev.cairn.node.config.Setting;
import dev.cairn.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// Runs a node and the common commands once, so that the JVM can record which classes they load:
/// the launcher makes its ahead-of-time cache from that.
@Command(name = "warm-up", hidden = true, description = "Used by the launcher after a build.")
public final class WarmUpCommand implements Callable<Integer> {

  @Override
  public Integer call() throws IOException {
    Path path = Files.createTempDirectory("cairn-warm-up");
    try {
      NodeFolder folder = new NodeFolder(path);
      folder.init(new NewChain().create("warm-up", path, List.of(path), 1_000));
      Settings settings =
          Settings.of(
              Map.of(),
              "",
              Map.of(),
              Map.of(
                  Setting.LISTEN, "/ip4/127.0.0.1/tcp/0",
                  Setting.RPC_PORT, "0",
                  Setting.MDNS, "false",
                  Setting.VALIDATOR_KEY, "validator.json",
                  Setting.VALIDATOR_PASSWORD_FILE, "validator.password"));
      Logging.start("error");
      NodeConfig config = NodeConfig.of(path, settings);
      try (Node node = Node.start(folder, config, RunCommand.validatorKey(config), e -> {})) {
        use(path, node.rpcUrl());
      }
      return 0;
    } finally {
      delete(path);
    }
  }

  private static void use(Path path, String rpc) {
    String key = path.resolve(NewChain.ACCOUNT).toString();
    String password = path.resolve(NewChain.ACCOUNT_PASSWORD).toString();
    Main.run("status", "--rpc", rpc);
    Main.run("status", "--rpc", rpc, "--json");
    Main.run("peers", "--rpc", rpc);
    Main.run(
        "put",
        "greeting",
        "hello",
        "--rpc",
        rpc,
        "--key",
        key,
        "--password-file",
        password,
        "--wait");
    Main.run("get", "greeting", "--rpc", rpc, "--key", key);
    Main.run("account", "--rpc", rpc, "--key", key);
    Main.run("block", "--rpc", rpc, "--json");
    Main.run("--help");
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
