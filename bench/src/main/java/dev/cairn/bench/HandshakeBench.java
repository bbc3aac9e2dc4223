package dev.cairn.bench;

import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.libp2p.upgrade.UpgradeParams;
import dev.cairn.libp2p.upgrade.Upgrader;
import dev.cairn.multiformats.Multiaddr;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Full handshakes a second: TCP, multistream-select, Noise XX and a yamux ping each way, 16
/// abreast, between two processes.
///
/// `HandshakeBench [handshakes] [rounds]` starts a server process of its own; `HandshakeBench
/// server [port]` and `HandshakeBench client ADDRESS [handshakes] [rounds]` are the two halves.
/// Both ends first do [#WARM_UP] handshakes that do not count, since the JIT compiler takes about
/// as many.
public final class HandshakeBench {

  private static final int ABREAST = 16;
  private static final int WARM_UP = 20_000;

  private HandshakeBench() {}

  public static void main(String[] args) throws Exception {
    String mode = args.length == 0 ? "" : args[0];
    if (mode.equals("server")) {
      serve(args.length > 1 ? args[1] : "0");
    } else if (mode.equals("client")) {
      dial(args[1], number(args, 2, 5_000), number(args, 3, 5), Optional.empty());
    } else {
      Process server = Children.start(HandshakeBench.class, "server");
      try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
        String address = Optional.ofNullable(out.readLine()).orElseThrow();
        dial(address, number(args, 0, 5_000), number(args, 1, 5), Optional.of(server.toHandle()));
      } finally {
        server.destroy();
      }
    }
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
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
        Thread.startVirtualThread(() -> hold(upgrader, link));
      }
    }
  }

  private static void hold(Upgrader upgrader, Link link) {
    try (Connection connection = upgrader.inbound(link)) {
      connection.accept();
    } catch (EOFException e) {
      // The client is done.
    } catch (IOException e) {
      System.err.println("connection: " + e.getMessage());
    }
  }

  private static void dial(
      String address, int handshakes, int rounds, Optional<ProcessHandle> server)
      throws InterruptedException {
    Multiaddr target = Multiaddr.parse(address);
    Upgrader upgrader = upgrader();
    System.out.printf(Locale.ROOT, "warming up: %d handshakes%n", WARM_UP);
    dialAll(upgrader, target, WARM_UP);
    for (int round = 1; round <= rounds; round++) {
      long cpu = cpuNanos(server);
      long began = System.nanoTime();
      int failed = dialAll(upgrader, target, handshakes);
      double seconds = (System.nanoTime() - began) / 1e9;
      double cpuMicros = (cpuNanos(server) - cpu) / 1e3;
      System.out.printf(
          Locale.ROOT,
          "round %d: %.0f handshakes/s, %.0f CPU us each for both ends, %d failed%n",
          round,
          handshakes / seconds,
          cpuMicros / handshakes,
          failed);
    }
  }

  private static int dialAll(Upgrader upgrader, Multiaddr target, int handshakes)
      throws InterruptedException {
    AtomicInteger left = new AtomicInteger(handshakes);
    AtomicInteger failed = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(ABREAST);
    for (int i = 0; i < ABREAST; i++) {
      Thread.startVirtualThread(
          () -> {
            while (left.getAndDecrement() > 0) {
              try (Connection connection =
                  upgrader.outbound(
                      new TcpTransport().dial(target, Duration.ofSeconds(5)), Optional.empty())) {
                connection.ping();
              } catch (IOException e) {
                failed.incrementAndGet();
                System.err.println("dial: " + e.getMessage());
              }
            }
            done.countDown();
          });
    }
    done.await();
    return failed.get();
  }

  private static long cpuNanos(Optional<ProcessHandle> server) {
    long own = Children.cpu(ProcessHandle.current());
    return own + server.map(Children::cpu).orElse(0L);
  }
}
