package dev.cairn.bench;

import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.libp2p.upgrade.Multistream;
import dev.cairn.libp2p.upgrade.MuxedStream;
import dev.cairn.libp2p.upgrade.UpgradeParams;
import dev.cairn.libp2p.upgrade.Upgrader;
import dev.cairn.multiformats.Multiaddr;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Bulk transfer over one stream, TCP + Noise + yamux, 64 KiB a write, between two processes.
///
/// `BulkBench [GB] [rounds]` starts a server process of its own and prints MB/s (10^6 bytes) and
/// the CPU seconds of both processes for each GB. `BulkBench server [port]` and `BulkBench client
/// ADDRESS [GB] [rounds]` are the two halves; the other half may be `bench/js/bulk.js`.
public final class BulkBench {

  /// A stream on which the dialer sends until its end, and gets the number of bytes as 8 bytes.
  static final String PROTOCOL = "/cairn-bench/bulk/1.0.0";

  private static final int WRITE_BYTES = 64 << 10;
  private static final int READ_BYTES = 256 << 10;

  private BulkBench() {}

  public static void main(String[] args) throws Exception {
    String mode = args.length == 0 ? "" : args[0];
    if (mode.equals("server")) {
      serve(args.length > 1 ? args[1] : "0");
    } else if (mode.equals("client")) {
      send(args[1], number(args, 2, 1), (int) number(args, 3, 3), Optional.empty());
    } else {
      Process server = Children.start(BulkBench.class, "server");
      try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
        String address = Optional.ofNullable(out.readLine()).orElseThrow();
        send(address, number(args, 0, 1), (int) number(args, 1, 3), Optional.of(server.toHandle()));
      } finally {
        server.destroy();
      }
    }
  }

  private static double number(String[] args, int index, double otherwise) {
    return args.length > index ? Double.parseDouble(args[index]) : otherwise;
  }

  private static Upgrader upgrader() {
    return new Upgrader(Identity.generate(new SecureRandom()), UpgradeParams.defaults());
  }

  private static void serve(String port) throws IOException {
    Upgrader upgrader = upgrader();
    try (Listener listener =
        new TcpTransport().listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port))) {
      System.out.println(listener.address());
      while (true) {
        Link link = listener.accept();
        Thread.startVirtualThread(() -> serve(upgrader, link));
      }
    }
  }

  private static void serve(Upgrader upgrader, Link link) {
    try (Connection connection = upgrader.inbound(link)) {
      while (true) {
        MuxedStream stream = connection.accept();
        Thread.startVirtualThread(() -> receive(stream));
      }
    } catch (EOFException e) {
      // The client is done.
    } catch (IOException e) {
      System.err.println("connection: " + e.getMessage());
    }
  }

  private static void receive(MuxedStream stream) {
    try (stream) {
      InputStream in = stream.input();
      Multistream.handle(in, stream.output(), List.of(PROTOCOL));
      byte[] target = new byte[READ_BYTES];
      long total = 0;
      for (int n = in.read(target); n >= 0; n = in.read(target)) {
        total += n;
      }
      stream.output().write(ByteBuffer.allocate(Long.BYTES).putLong(total).array());
    } catch (IOException e) {
      System.err.println("stream: " + e.getMessage());
    }
  }

  private static void send(
      String address, double gigabytes, int rounds, Optional<ProcessHandle> server)
      throws IOException {
    long bytes = (long) (gigabytes * 1e9);
    Link link = new TcpTransport().dial(Multiaddr.parse(address), Duration.ofSeconds(5));
    try (Connection connection = upgrader().outbound(link, Optional.empty())) {
      for (int round = 1; round <= rounds; round++) {
        long cpu = cpuNanos(server);
        long began = System.nanoTime();
        send(connection, bytes);
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpuSeconds = (cpuNanos(server) - cpu) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "round %d: %.0f MB/s, %.2f CPU s/GB%n",
            round,
            bytes / 1e6 / seconds,
            cpuSeconds / gigabytes);
      }
    }
  }

  private static void send(Connection connection, long bytes) throws IOException {
    try (MuxedStream stream = connection.open()) {
      Multistream.select(stream.input(), stream.output(), List.of(PROTOCOL));
      byte[] source = new byte[WRITE_BYTES];
      for (long left = bytes; left > 0; left -= WRITE_BYTES) {
        stream.output().write(source, 0, (int) Math.min(left, WRITE_BYTES));
      }
      stream.closeWrite();
      long counted = ByteBuffer.wrap(stream.input().readNBytes(Long.BYTES)).getLong();
      if (counted != bytes) {
        throw new IOException("sent " + bytes + " bytes, but " + counted + " arrived");
      }
    }
  }

  private static long cpuNanos(Optional<ProcessHandle> server) {
    long own = Children.cpu(ProcessHandle.current());
    return own + server.map(Children::cpu).orElse(0L);
  }
}
