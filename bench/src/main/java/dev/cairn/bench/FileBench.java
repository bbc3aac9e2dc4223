package dev.cairn.bench;

import dev.cairn.files.block.Blocks;
import dev.cairn.files.exchange.Download;
import dev.cairn.files.exchange.DownloadOptions;
import dev.cairn.files.exchange.Exchange;
import dev.cairn.files.exchange.ExchangeParams;
import dev.cairn.files.exchange.Progress;
import dev.cairn.files.exchange.ProviderPeer;
import dev.cairn.files.exchange.ProviderSource;
import dev.cairn.files.exchange.SourceReport;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How fast a file goes from peers to a peer, every block verified, TCP + Noise + yamux, each peer a
/// process of its own.
///
/// `FileBench [MiB] [seeds] [rounds]` starts the seeds and fetches from all of them. The parts, for
/// other networks: `FileBench seed LISTEN MiB` prints its address and serves until its input ends;
/// `FileBench fetch LISTEN MiB` prints its address, reads a line of addresses with commas between,
/// fetches from them, prints a line, and serves on until its input ends.
public final class FileBench {

  private static final int CHUNK_BYTES = FileMade.CHUNK_BYTES;

  private FileBench() {}

  public static void main(String[] args) throws Exception {
    String mode = args.length == 0 ? "" : args[0];
    if (mode.equals("seed")) {
      seed(args[1], Integer.parseInt(args[2]));
    } else if (mode.equals("fetch")) {
      fetch(args[1], Integer.parseInt(args[2]));
    } else {
      int mebibytes = number(args, 0, 1_024);
      int seeds = number(args, 1, 1);
      int rounds = number(args, 2, 3);
      all(mebibytes, seeds, rounds);
    }
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private static Host host(String address) throws IOException {
    Clock clock = Clock.system();
    return new Libp2pHost(
        Identity.generate(new SecureRandom()),
        HostParams.listeningOn(Multiaddr.parse(address)),
        List.of(new TcpTransport()),
        new Peerstore(clock),
        clock,
        new SecureRandom());
  }

  private static Exchange exchange(Host host, Blocks blocks) {
    return Exchange.start(
        host, blocks, ProviderSource.NONE, Clock.system(), ExchangeParams.STANDARD);
  }

  private static String address(Host host) {
    return host.addresses().getFirst() + "/p2p/" + host.id();
  }

  private static void seed(String listen, int mebibytes) throws Exception {
    Blocks blocks = new FileMade(mebibytes, true);
    try (Host host = host(listen);
        Exchange exchange = exchange(host, blocks)) {
      System.out.println(address(host));
      awaitEnd();
      System.err.println("sent " + exchange.sentBytes() / CHUNK_BYTES + " MiB, " + memory());
    }
  }

  private static void fetch(String listen, int mebibytes) throws Exception {
    FileMade made = new FileMade(mebibytes, false);
    Cid root = made.root();
    try (Host host = host(listen);
        Exchange exchange = exchange(host, made)) {
      System.out.println(address(host));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      List<String> from = List.of(Optional.ofNullable(in.readLine()).orElseThrow().split(","));
      System.out.println(line(fetch(exchange, root, from), mebibytes));
      awaitEnd();
      System.err.println("sent " + exchange.sentBytes() / CHUNK_BYTES + " MiB, " + memory());
    }
  }

  private static void awaitEnd() throws IOException {
    while (System.in.read() >= 0) {
      // Until whoever started this is done.
    }
  }

  private static void all(int mebibytes, int seeds, int rounds) throws Exception {
    List<Process> processes = new ArrayList<>();
    try {
      List<String> addresses = new ArrayList<>();
      for (int i = 0; i < seeds; i++) {
        String size = Integer.toString(mebibytes);
        processes.add(Children.start(FileBench.class, "seed", "/ip4/127.0.0.1/tcp/0", size));
      }
      for (Process process : processes) {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        addresses.add(Optional.ofNullable(out.readLine()).orElseThrow());
      }
      for (int round = 1; round <= rounds; round++) {
        FileMade made = new FileMade(mebibytes, false);
        try (Host host = host("/ip4/127.0.0.1/tcp/0");
            Exchange exchange = exchange(host, made)) {
          long cpu = cpu(processes);
          Progress progress = fetch(exchange, made.root(), addresses);
          double used = (cpu(processes) - cpu) / 1e9;
          System.out.printf(
              Locale.ROOT,
              "round %d, %d seeds: %s, %.2f CPU s/GB, %s%n",
              round,
              seeds,
              line(progress, mebibytes),
              used / (mebibytes * (double) CHUNK_BYTES / 1e9),
              memory());
        }
      }
    } finally {
      processes.forEach(Process::destroy);
    }
  }

  private static Progress fetch(Exchange exchange, Cid root, List<String> from) throws Exception {
    List<ProviderPeer> peers = new ArrayList<>();
    for (String text : from) {
      Multiaddr address = Multiaddr.parse(text);
      PeerId peer = PeerId.parse(address.value(Protocol.P2P).orElseThrow());
      peers.add(new ProviderPeer(peer, List.of(address)));
    }
    DownloadOptions options = DownloadOptions.STANDARD.withFrom(peers);
    try (Download download = exchange.download(root, options)) {
      return download.await();
    }
  }

  private static String line(Progress progress, int mebibytes) {
    double seconds = progress.elapsed().toNanos() / 1e9;
    double megabytes = mebibytes * (double) CHUNK_BYTES / 1e6;
    List<Long> parts = progress.sources().stream().map(SourceReport::blocks).toList();
    return String.format(
        Locale.ROOT,
        "%.2f s, %.0f MB/s, blocks from each %s",
        seconds,
        megabytes / seconds,
        parts);
  }

  private static long cpu(List<Process> processes) {
    return Children.cpu(ProcessHandle.current())
        + processes.stream().mapToLong(p -> Children.cpu(p.toHandle())).sum();
  }

  /// The most memory that this process has had.
  private static String memory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return "at most " + Long.parseLong(line.replaceAll("\\D", "")) / 1_024 + " MiB";
      }
    }
    return "memory unknown";
  }
}
