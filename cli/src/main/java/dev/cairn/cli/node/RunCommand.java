package dev.cairn.cli.node;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Home;
import dev.cairn.cli.Output;
import dev.cairn.cli.Passphrase;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.node.Node;
import dev.cairn.node.NodeFolder;
import dev.cairn.node.config.NodeConfig;
import dev.cairn.node.config.Setting;
import dev.cairn.node.config.Settings;
import dev.cairn.node.keys.Keystore;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn run`.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run a node until Ctrl-C or SIGTERM.",
    footer = {
      "",
      "Examples:  cairn run --dev                     a chain of its own",
      "           cairn init --chain chain.toml       join a chain, then",
      "           cairn run"
    })
public final class RunCommand implements Callable<Integer> {

  private static final long DEV_SILENCE_MILLIS = 60_000;

  @Option(names = "--dev", description = "Start a chain of its own in ~/.cairn/dev (or --data).")
  private boolean dev;

  @Option(
      names = "--stop-at-end-of-input",
      hidden = true,
      description = "Stop when standard input ends: whoever started this node has gone.")
  private boolean stopAtEndOfInput;

  @Mixin private DataOption data = new DataOption();
  @Mixin private LostVotesOptions lost = new LostVotesOptions();
  @Mixin private SettingOptions options = new SettingOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    NodeFolder folder = dev ? data.folder(Home.dev()) : data.folder();
    prepare(folder);
    Settings settings = options.read(folder);
    Logging.start(settings.text(Setting.LOG));
    NodeConfig config = NodeConfig.of(folder.path(), settings);
    CountDownLatch stop = new CountDownLatch(1);
    AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
    Node node =
        Node.start(
            folder,
            config,
            validatorKey(config),
            lost.votes(),
            e -> {
              failure.set(Optional.of(e));
              stop.countDown();
            });
    Thread closing = stopOnSignal(node);
    HeapWatch.start();
    announce(node, folder);
    if (stopAtEndOfInput) {
      Thread.ofVirtual().name("stdin").start(() -> awaitEndOfInput(stop));
    }
    stop.await();
    node.close();
    forget(closing);
    failure
        .get()
        .ifPresent(
            e -> {
              throw CliException.failed("the node stopped: " + e.getMessage());
            });
    return Exit.DONE.code();
  }

  private void prepare(NodeFolder folder) {
    if (folder.hasChain()) {
      return;
    }
    if (!dev) {
      throw CliException.usage(
          folder.path()
              + " is not a node of any chain yet. Join a chain with 'cairn init --data "
              + folder.path()
              + " --chain SPEC', or start one of your own with 'cairn run --dev'.");
    }
    ChainSpec spec =
        new NewChain()
            .create(
                "dev",
                folder.path(),
                List.of(folder.path()),
                DEV_SILENCE_MILLIS,
                NewChain.EPOCH_BLOCKS);
    try {
      if (!Files.exists(folder.config())) {
        Files.writeString(folder.config(), NewChain.validatorSettings());
      }
    } catch (IOException e) {
      throw CliException.failed("cannot write to " + folder.path() + ": " + NodeFolder.reason(e));
    }
    folder.init(spec);
  }

  static Optional<Ed25519Key> validatorKey(NodeConfig config) {
    return config
        .validator()
        .map(v -> Keystore.read(v.file()).open(Passphrase.firstLine(v.passwordFile())));
  }

  /// Ctrl-C and SIGTERM close the node and end with code 0: a clean stop is no failure.
  private static Thread stopOnSignal(Node node) {
    Thread closing =
        new Thread(
            () -> {
              node.close();
              Runtime.getRuntime().halt(Exit.DONE.code());
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(closing);
    return closing;
  }

  private static void forget(Thread closing) {
    try {
      Runtime.getRuntime().removeShutdownHook(closing);
    } catch (IllegalStateException e) {
      // A signal came meanwhile, and ends the process with what it finds closed.
    }
  }

  private static void awaitEndOfInput(CountDownLatch stop) {
    try {
      while (System.in.read() >= 0) {
        // Nothing is expected on it.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    stop.countDown();
  }

  private void announce(Node node, NodeFolder folder) {
    if (output.isJson()) {
      var addresses = Json.createArrayBuilder();
      node.addresses().forEach(addresses::add);
      output.json(
          Json.createObjectBuilder()
              .add("peerId", node.peerId())
              .add("addresses", addresses)
              .add("rpc", node.rpcUrl())
              .add("chain", node.chainId())
              .add("data", folder.path().toString())
              .add("pid", ProcessHandle.current().pid())
              .build());
      return;
    }
    output.line("peer id    " + node.peerId());
    node.addresses().forEach(a -> output.line("listening  " + a));
    output.line("rpc        " + node.rpcUrl());
    output.line("chain      " + node.chainId());
    output.line("data       " + folder.path());
    if (dev) {
      output.line("account    " + folder.path().resolve(NewChain.ACCOUNT));
      output.line("passphrase " + folder.path().resolve(NewChain.ACCOUNT_PASSWORD));
    }
  }
}
