package dev.cairn.cli.testnet;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Home;
import dev.cairn.cli.Output;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.PowParams;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn testnet`.
@Command(
    name = "testnet",
    mixinStandardHelpOptions = true,
    description = {
      "Run a whole network on this machine until Ctrl-C or SIGTERM.",
      "Run again on the same folder, it resumes. A node that died comes back with",
      "'cairn run --data DIR/nodeN'."
    })
public final class TestnetCommand implements Callable<Integer> {

  private static final int NODES_MAX = 64;
  private static final long READY_SECONDS_MAX = 120;
  private static final long POLL_MILLIS = 100;
  private static final long TABLE_MILLIS = 1_000;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many (default 4, or as many as DIR has).")
  private int nodes;

  @Option(
      names = "--validators",
      paramLabel = "K",
      description = "How many of them vote (default all; those of DIR stay).")
  private int validators;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Its folder (default ~/.cairn/testnet).")
  private String dir = "";

  @Option(
      names = "--base-port",
      paramLabel = "P",
      description =
          "Node i listens on P+2i for peers and P+2i+1 for RPC (default ${DEFAULT-VALUE}).")
  private int basePort = 4_600;

  @Mixin private ChainOptions chainOptions = new ChainOptions();
  @Mixin private Output output = new Output();

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Override
  public Integer call() throws InterruptedException {
    Path path = dir.isEmpty() ? Home.testnet() : Path.of(dir);
    TestnetFolder folder = new TestnetFolder(path.toAbsolutePath().normalize());
    int count = count(folder);
    Ports ports = new Ports(basePort);
    ports.check(count);
    String kind = chainOptions.engine(folder, validators);
    int voting = validators(folder, count);
    ChainSpec chain =
        folder.prepare(ports, count, kind, voting, chainOptions.epochBlocks(folder, kind));
    List<NodeProcess> processes = new ArrayList<>();
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopFromSignal, "stop"));
    try {
      for (int i = 0; i < count; i++) {
        processes.add(NodeProcess.start(i, folder.node(i).path(), ports));
      }
      if (awaitReady(processes, chain)) {
        announce(folder, chain, processes);
        watch(processes);
      }
    } finally {
      stopAll(processes);
      stopped.countDown();
    }
    return Exit.DONE.code();
  }

  private int count(TestnetFolder folder) {
    int existing = folder.existingNodes();
    int count = nodes == 0 ? Math.max(existing, existing == 0 ? 4 : 0) : nodes;
    if (count < 1 || count > NODES_MAX) {
      throw CliException.usage("--nodes takes 1 to " + NODES_MAX + ", not " + count);
    }
    return count;
  }

  private int validators(TestnetFolder folder, int count) {
    OptionalInt existing = folder.existingValidators();
    if (existing.isPresent()) {
      if (validators != 0 && validators != existing.getAsInt()) {
        throw CliException.usage(
            folder.path()
                + " is a network with "
                + existing.getAsInt()
                + " validators already; leave --validators out or choose another --dir");
      }
      return existing.getAsInt();
    }
    if (validators < 0 || validators > count) {
      throw CliException.usage(
          "--validators takes 1 to the number of nodes, " + count + ", not " + validators);
    }
    return validators == 0 ? count : validators;
  }

  /// Waits until all nodes have the same final block above the genesis; false when told to stop.
  private boolean awaitReady(List<NodeProcess> processes, ChainSpec chain)
      throws InterruptedException {
    if (!output.isJson()) {
      output.note("starting " + processes.size() + " nodes ...");
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS_MAX);
    // Where blocks are mined, the first is final only after a while.
    String height = chain.engine() instanceof PowParams ? "height" : "finalized";
    while (!agree(processes, height)) {
      for (NodeProcess process : processes) {
        if (!process.alive()) {
          throw CliException.failed(
              process.name()
                  + " stopped while starting; its log says why: "
                  + process.folder().resolve("node.log"));
        }
      }
      if (System.nanoTime() > deadline) {
        throw CliException.failed(
            "the nodes did not agree on a block within "
                + READY_SECONDS_MAX
                + " s; their logs are node*/node.log");
      }
      if (stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private static boolean agree(List<NodeProcess> processes, String height) {
    List<String> heads = new ArrayList<>();
    for (NodeProcess process : processes) {
      Optional<JsonObject> status = process.status();
      if (status.isEmpty() || status.get().getInt(height) < 1) {
        return false;
      }
      heads.add(status.get().getString("finalizedHead"));
    }
    return heads.stream().distinct().count() == 1;
  }

  private void announce(TestnetFolder folder, ChainSpec chain, List<NodeProcess> processes) {
    if (output.isJson()) {
      output.json(json(folder, chain, processes));
      return;
    }
    output.line("chain     " + chain.chainId());
    output.line("spec      " + folder.spec());
    for (NodeProcess process : processes) {
      output.line(
          "%-9s %s  rpc %s  pid %d"
              .formatted(process.name(), process.peerAddress(), process.rpcUrl(), process.pid()));
    }
    output.line("account   " + folder.accountAddress());
    output.line("key       " + folder.account());
    output.line("password  " + folder.accountPassword());
    output.line("");
  }

  private static JsonObject json(
      TestnetFolder folder, ChainSpec chain, List<NodeProcess> processes) {
    var list = Json.createArrayBuilder();
    for (NodeProcess process : processes) {
      String peerId = process.status().map(s -> s.getString("peerId")).orElse("");
      list.add(
          Json.createObjectBuilder()
              .add("name", process.name())
              .add("dir", process.folder().toString())
              .add("pid", process.pid())
              .add("peerId", peerId)
              .add("p2p", process.peerAddress() + "/p2p/" + peerId)
              .add("rpc", process.rpcUrl()));
    }
    return Json.createObjectBuilder()
        .add("chain", chain.chainId().toString())
        .add("genesis", chain.genesis().id().toString())
        .add("spec", folder.spec().toString())
        .add("nodes", list)
        .add(
            "account",
            Json.createObjectBuilder()
                .add("address", folder.accountAddress().toString())
                .add("key", folder.account().toString())
                .add("passwordFile", folder.accountPassword().toString()))
        .build();
  }

  private void watch(List<NodeProcess> processes) throws InterruptedException {
    StatusTable table = new StatusTable(output);
    List<String> names = processes.stream().map(NodeProcess::name).toList();
    do {
      if (!output.isJson()) {
        table.show(names, processes.stream().map(NodeProcess::status).toList());
      }
    } while (!stop.await(TABLE_MILLIS, TimeUnit.MILLISECONDS));
  }

  private void stopAll(List<NodeProcess> processes) throws InterruptedException {
    processes.forEach(NodeProcess::requestStop);
    for (NodeProcess process : processes) {
      if (!process.awaitStop()) {
        output.note(process.name() + " did not stop and was killed");
      }
    }
  }

  /// A signal ends the command with code 0 once all nodes have stopped.
  private void stopFromSignal() {
    if (stopped.getCount() == 0) {
      return;
    }
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(Exit.DONE.code());
  }
}
