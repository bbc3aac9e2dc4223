package dev.cairn.libp2p.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.limits.Limits;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each limit with its negative control: the same load where the limit is wider.
@Timeout(60)
class HostLimitsTest {

  private static final String ECHO = "/echo/1";
  private static final Limits OPEN = Limits.STANDARD.withConnections(1_000, 1_000, 1_000);

  private final Hosts hosts = new Hosts();
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    hosts.close();
  }

  private Libp2pHost limited(Limits limits) throws IOException {
    return hosts.open(1, HostParams.listeningOn(Hosts.TCP).withLimits(limits));
  }

  /// How many of `count` hosts get a connection to `target`.
  private int connected(Libp2pHost target, int count) throws IOException {
    int connected = 0;
    for (int i = 0; i < count; i++) {
      Libp2pHost host = hosts.tcp(10 + i);
      try {
        host.connect(target.id(), target.addresses());
        connected++;
      } catch (IOException refused) {
        assertTrue(host.peers().isEmpty());
      }
    }
    return connected;
  }

  /// How many of `count` sockets that say nothing are still open once the host has answered.
  private int silent(Libp2pHost target, int count) throws IOException {
    int port = Integer.parseInt(target.addresses().getFirst().value(Protocol.TCP).orElseThrow());
    int open = 0;
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(10_000);
      sockets.add(socket);
      open += isOpen(socket) ? 1 : 0;
    }
    return open;
  }

  /// A host that takes a connection greets first; one that sheds it closes at once.
  private static boolean isOpen(Socket socket) {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  void inbound_connections_are_limited() throws Exception {
    assertEquals(3, connected(limited(OPEN.withConnections(100, 3, 100)), 5));
  }

  @Test
  void inbound_connections_below_the_limit_all_come_in() throws Exception {
    assertEquals(5, connected(limited(OPEN), 5));
  }

  @Test
  void all_connections_are_limited_and_dials_count_too() throws Exception {
    Libp2pHost target = limited(OPEN.withConnections(2, 2, 100));
    Libp2pHost other = hosts.tcp(50);
    target.connect(other.id(), other.addresses());
    assertEquals(1, connected(target, 3));
    Libp2pHost another = hosts.tcp(51);
    assertThrows(IOException.class, () -> target.connect(another.id(), another.addresses()));
  }

  @Test
  void connections_from_one_address_are_limited_where_loopback_is_not_exempt() throws Exception {
    Libp2pHost target = limited(OPEN.withPerAddress(2, false));
    assertEquals(2, connected(target, 4));
    assertEquals(2, target.metrics().connectionsRefused());
  }

  @Test
  void connections_from_loopback_are_not_limited_where_it_is_exempt() throws Exception {
    assertEquals(4, connected(limited(OPEN.withPerAddress(2, true)), 4));
  }

  @Test
  void silent_connections_are_shed_above_the_limit_of_negotiations() throws Exception {
    Libp2pHost target = limited(OPEN.withConnections(100, 100, 5));
    assertEquals(5, silent(target, 20));
    assertEquals(15, target.metrics().connectionsRefused());
    assertEquals(5, target.metrics().negotiating());
  }

  @Test
  void silent_connections_below_that_limit_stay() throws Exception {
    assertEquals(20, silent(limited(OPEN), 20));
  }

  @Test
  void silent_connections_end_with_the_deadline_of_the_upgrade() throws Exception {
    HostParams params = HostParams.listeningOn(Hosts.TCP);
    var upgrade = params.upgrade();
    var quick =
        new dev.cairn.libp2p.upgrade.UpgradeParams(
            Duration.ofMillis(200),
            upgrade.keepAlive(),
            upgrade.writeStall(),
            upgrade.windowBytesMax(),
            upgrade.windowBytesBudget(),
            upgrade.bufferedBytesMax(),
            upgrade.unacknowledgedMax());
    Libp2pHost target = hosts.open(1, params.withUpgrade(quick));
    assertEquals(5, silent(target, 5));
    for (Socket socket : sockets) {
      socket.getInputStream().readAllBytes();
    }
    assertEquals(1, connected(target, 1));
  }

  @Test
  void streams_are_limited_in_all_and_for_each_peer() throws Exception {
    assertEquals(3, streamsServed(OPEN.withStreams(3, 100), StreamLimits.STANDARD));
    assertEquals(2, streamsServed(OPEN.withStreams(100, 2), StreamLimits.STANDARD));
    assertEquals(1, streamsServed(OPEN, new StreamLimits(1, 10)));
    assertEquals(4, streamsServed(OPEN, new StreamLimits(10, 4)));
    assertEquals(6, streamsServed(OPEN, StreamLimits.STANDARD));
  }

  /// How many of six streams that stay open are echoed on.
  private int streamsServed(Limits limits, StreamLimits ofProtocol) throws Exception {
    try (Hosts own = new Hosts()) {
      Libp2pHost target =
          own.open(1, HostParams.listeningOn(Multiaddr.parse("/memory/1")).withLimits(limits));
      target.handle(ECHO, stream -> stream.input().transferTo(stream.output()), ofProtocol);
      Libp2pHost client = own.memory(2);
      Hosts.connect(client, target);
      while (target.metrics().streams() > 0) {
        Thread.onSpinWait();
      }
      int served = 0;
      List<Stream> streams = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Stream stream = client.open(target.id(), List.of(ECHO));
        streams.add(stream);
        served += echoes(stream) ? 1 : 0;
      }
      streams.forEach(Stream::close);
      return served;
    }
  }

  private static boolean echoes(Stream stream) {
    try {
      stream.output().write(7);
      return stream.input().read() == 7;
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void above_the_high_water_the_least_useful_connections_go_and_protected_ones_stay()
      throws Exception {
    Libp2pHost target = limited(OPEN.withWater(4, 2, Duration.ZERO));
    List<Libp2pHost> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Libp2pHost host = hosts.tcp(20 + i);
      others.add(host);
      target.protect(others.getFirst().id(), "test");
      host.connect(target.id(), target.addresses());
      while (i < 4 && target.peers().size() < i + 1) {
        Thread.onSpinWait();
      }
    }
    while (target.peers().size() > 2) {
      Thread.onSpinWait();
    }
    assertTrue(target.peers().contains(others.getFirst().id()));
    assertEquals(3, target.metrics().connectionsPruned());
  }

  @Test
  void connections_in_their_grace_are_not_pruned() throws Exception {
    Libp2pHost target = limited(OPEN.withWater(2, 1, Duration.ofHours(1)));
    assertEquals(5, connected(target, 5));
    while (target.peers().size() < 5) {
      Thread.onSpinWait();
    }
    assertEquals(0, target.metrics().connectionsPruned());
  }
}
