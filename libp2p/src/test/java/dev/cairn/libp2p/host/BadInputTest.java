package dev.cairn.libp2p.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.limits.SwarmParams;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.ping.Ping;
import dev.cairn.libp2p.upgrade.MuxedStream;
import dev.cairn.libp2p.upgrade.UpgradeParams;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rubbish on the port and on every stream: refused, and the host goes on with nothing lost.
@Timeout(120)
class BadInputTest {

  private static final int TRIES = 200;

  private final Hosts hosts = new Hosts();
  private final Random random = new Random(11);
  private Libp2pHost target;

  @BeforeEach
  void open() throws IOException {
    HostParams params = HostParams.listeningOn(Hosts.TCP);
    UpgradeParams u = params.upgrade();
    UpgradeParams quick =
        new UpgradeParams(
            Duration.ofSeconds(1),
            u.keepAlive(),
            u.writeStall(),
            u.windowBytesMax(),
            u.windowBytesBudget(),
            u.bufferedBytesMax(),
            u.unacknowledgedMax());
    target = hosts.open(1, params.withUpgrade(quick).withNegotiation(Duration.ofMillis(500)));
    target.handle(
        "/echo/1", stream -> stream.input().transferTo(stream.output()), StreamLimits.STANDARD);
  }

  @AfterEach
  void close() {
    hosts.close();
  }

  private Socket dial() throws IOException {
    int port = Integer.parseInt(target.addresses().getFirst().value(Protocol.TCP).orElseThrow());
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// Reads until the host closes.
  private static void drain(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      in.readAllBytes();
    } catch (IOException reset) {
      // Closed the hard way.
    }
  }

  private void requireServing() throws Exception {
    Libp2pHost honest = hosts.tcp(500);
    Hosts.connect(honest, target);
    try (Stream stream = honest.open(target.id(), List.of("/echo/1"))) {
      stream.output().write(42);
      assertEquals(42, stream.input().read());
    }
    honest.close();
    while (target.metrics().negotiating() > 0 || !target.peers().isEmpty()) {
      Thread.onSpinWait();
    }
    assertEquals(0, target.metrics().streams());
  }

  private static long descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void garbage_on_the_port_costs_no_descriptor() throws Exception {
    requireServing();
    long before = descriptors();
    for (int i = 0; i < TRIES; i++) {
      try (Socket socket = dial()) {
        byte[] rubbish = new byte[1 + random.nextInt(4_000)];
        random.nextBytes(rubbish);
        send(socket, rubbish);
        socket.shutdownOutput();
        drain(socket);
      }
    }
    requireServing();
    assertTrue(descriptors() <= before + 4, before + " descriptors, then " + descriptors());
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (IOException closed) {
      // The host was faster.
    }
  }

  @Test
  void a_good_start_followed_by_garbage_is_refused() throws Exception {
    byte[] start = "\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 50; i++) {
      try (Socket socket = dial()) {
        send(socket, start);
        byte[] rubbish = new byte[2 + random.nextInt(70_000)];
        random.nextBytes(rubbish);
        send(socket, rubbish);
        socket.shutdownOutput();
        drain(socket);
      }
    }
    requireServing();
  }

  @Test
  void slow_bytes_end_with_the_deadline_of_the_upgrade() throws Exception {
    try (Socket socket = dial()) {
      send(socket, new byte[] {0x13});
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted() && slowByte(socket)) {}
                  });
      drain(socket);
      writer.interrupt();
      writer.join();
    }
    requireServing();
  }

  private static boolean slowByte(Socket socket) {
    try {
      Thread.sleep(50);
      socket.getOutputStream().write('/');
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  @Test
  void garbage_on_every_stream_costs_only_the_stream() throws Exception {
    Libp2pHost client = hosts.tcp(2);
    Hosts.connect(client, target);
    List<String> protocols = target.info(client.id()).orElseThrow().protocols();
    assertTrue(protocols.contains(Ping.PROTOCOL));
    for (String protocol : List.of(IdentifyService.PUSH, IdentifyService.IDENTIFY, "/echo/1")) {
      for (int i = 0; i < 30; i++) {
        rubbish(client, protocol);
      }
    }
    assertEquals(List.of(client.id()), target.peers());
    client.close();
    requireServing();
  }

  private void rubbish(Libp2pHost client, String protocol) {
    byte[] bytes = new byte[1 + random.nextInt(20_000)];
    random.nextBytes(bytes);
    try (Stream stream = client.open(target.id(), List.of(protocol))) {
      stream.expire(Duration.ofSeconds(20));
      stream.output().write(bytes);
      stream.closeWrite();
      stream.input().readAllBytes();
    } catch (IOException refused) {
      // As it should be.
    }
  }

  @Test
  void a_stream_that_never_agrees_on_a_protocol_is_reset() throws Exception {
    Libp2pHost client = hosts.tcp(2);
    Hosts.connect(client, target);
    for (String said : List.of("\u0013", "\u0013/multistream/1.0.0\n", "\u0013/multi")) {
      MuxedStream stream = client.connection(target.id()).orElseThrow().open();
      stream.output().write(said.getBytes(StandardCharsets.UTF_8));
      // Ends only because the target's deadline for the negotiation passes.
      assertTrue(ends(stream), said);
      stream.close();
    }
    client.close();
    requireServing();
  }

  private static boolean ends(MuxedStream stream) {
    stream.deadline(Duration.ofSeconds(20));
    try {
      stream.input().readAllBytes();
      return true;
    } catch (SocketTimeoutException left) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void a_dial_to_a_host_that_says_nothing_ends_with_its_deadline() throws Exception {
    HostParams params =
        HostParams.listeningOn(Hosts.TCP)
            .withSwarm(
                new SwarmParams(
                    Duration.ofMillis(900), Duration.ofSeconds(10), Duration.ofSeconds(3)));
    Libp2pHost host = hosts.open(3, params);
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
      PeerId peer = Hosts.identity(4).id();
      IOException late =
          assertThrows(IOException.class, () -> host.connect(peer, List.of(address)));
      assertTrue(String.valueOf(late.getMessage()).contains("in time"), late::getMessage);
      Libp2pHost other = hosts.tcp(4);
      host.connect(peer, List.of(address, other.addresses().getFirst()));
      assertEquals(List.of(peer), host.peers());
    }
  }
}
