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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      Logging.start("error");
      Path first = Files.createDirectory(path.resolve("validator"));
      NodeFolder folder = new NodeFolder(first);
      folder.init(
          new NewChain().create("warm-up", first, List.of(first), 1_000, NewChain.EPOCH_BLOCKS));
      Map<Setting, String> own =
          Map.of(
              Setting.VALIDATOR_KEY, "validator.json",
              Setting.VALIDATOR_PASSWORD_FILE, "validator.password");
      try (Node node = start(folder, own);
          Node follower = follow(folder, path.resolve("follower"), node)) {
        use(first, node.rpcUrl());
        new Rehearsal(folder, node.rpcUrl(), follower.rpcUrl()).run(1);
        FileRehearsal.run(path, node.rpcUrl(), follower.rpcUrl());
      }
      return 0;
    } finally {
      delete(path);
    }
  }

  private static Node follow(NodeFolder of, Path path, Node node) throws IOException {
    NodeFolder folder = new NodeFolder(Files.createDirectory(path));
    folder.init(NodeFolder.readSpec(of.spec()));
    return start(folder, Map.of(Setting.PEER, String.join(",", node.addresses())));
  }

  private static Node start(NodeFolder folder, Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.LISTEN, "/ip4/127.0.0.1/tcp/0");
    flags.put(Setting.RPC_PORT, "0");
    flags.put(Setting.MDNS, "false");
    flags.putAll(more);
    NodeConfig config = NodeConfig.of(folder.path(), Settings.of(Map.of(), "", Map.of(), flags));
    return Node.start(folder, config, RunCommand.validatorKey(config), Optional.empty(), e -> {});
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
