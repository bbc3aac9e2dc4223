package dev.cairn.libp2p.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.ping.Ping;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Libp2pHostTest {

  private static final String ECHO = "/echo/1";

  private final Hosts hosts = new Hosts();

  @AfterEach
  void close() {
    hosts.close();
  }

  private static void serveEcho(Host host) {
    host.handle(ECHO, stream -> stream.input().transferTo(stream.output()), StreamLimits.STANDARD);
  }

  private static String echo(Host from, PeerId to, String text) throws IOException {
    try (Stream stream = from.open(to, List.of(ECHO))) {
      stream.output().write(text.getBytes(StandardCharsets.UTF_8));
      stream.closeWrite();
      return new String(stream.input().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void streams_carry_bytes_both_ways_over_memory_and_tcp() throws Exception {
    for (List<Libp2pHost> pair :
        List.of(List.of(hosts.memory(1), hosts.memory(2)), List.of(hosts.tcp(3), hosts.tcp(4)))) {
      Libp2pHost a = pair.getFirst();
      Libp2pHost b = pair.getLast();
      serveEcho(a);
      serveEcho(b);
      Hosts.connect(a, b);
      assertEquals("hello", echo(a, b.id(), "hello"));
      assertEquals("hello", echo(b, a.id(), "hello"));
    }
  }

  @Test
  void a_dial_without_a_peer_id_tells_whom_it_reached() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    Libp2pHost b = hosts.tcp(2);
    assertEquals(b.id(), a.connect(b.addresses().getFirst()));
    assertEquals(List.of(b.id()), a.peers());
  }

  @Test
  void a_dial_for_another_peer_than_the_one_that_answers_fails() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    Libp2pHost b = hosts.tcp(2);
    PeerId other = Hosts.identity(9).id();
    assertThrows(IOException.class, () -> a.connect(other, b.addresses()));
    Multiaddr named = b.addresses().getFirst().with("/p2p/" + other);
    assertThrows(IOException.class, () -> a.connect(named));
    assertEquals(List.of(), a.peers());
  }

  @Test
  void a_host_does_not_connect_to_itself() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    assertThrows(IOException.class, () -> a.connect(a.id(), a.addresses()));
    assertThrows(IOException.class, () -> a.connect(a.addresses().getFirst()));
    assertEquals(List.of(), a.peers());
  }

  @Test
  void a_dial_tries_all_addresses() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    Libp2pHost b = hosts.tcp(2);
    a.connect(
        b.id(),
        List.of(
            Multiaddr.parse("/ip4/127.0.0.1/tcp/1"),
            Multiaddr.parse("/ip4/127.0.0.1/udp/1/quic-v1"),
            b.addresses().getFirst()));
    assertEquals(List.of(b.id()), a.peers());
    assertEquals(1, a.metrics().dialsFailed());
  }

  @Test
  void identify_tells_protocols_agent_and_addresses() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    Libp2pHost b = hosts.open(2, HostParams.listeningOn(Hosts.TCP).withAgent("cairn/9.9"));
    serveEcho(b);
    Hosts.connect(a, b);
    PeerInfo info = a.info(b.id()).orElseThrow();
    assertTrue(info.outbound());
    assertEquals("cairn/9.9", info.agent());
    assertTrue(info.protocols().contains(ECHO));
    assertTrue(info.protocols().contains(Ping.PROTOCOL));
    assertEquals(b.addresses(), info.addresses());
    assertEquals(b.addresses(), a.peerstore().addresses(b.id()));
    assertTrue(a.peerstore().recordSequence(b.id()).isPresent());
    assertFalse(b.info(a.id()).orElseThrow().outbound());
  }

  @Test
  void a_change_of_protocols_is_pushed() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    Hosts.connect(a, b);
    try (PeerEvents events = a.events()) {
      Hosts.awaitConnected(events, b.id());
      serveEcho(b);
      while (!a.info(b.id()).orElseThrow().protocols().contains(ECHO)) {
        events.take();
      }
      b.unhandle(ECHO);
      while (a.info(b.id()).orElseThrow().protocols().contains(ECHO)) {
        events.take();
      }
    }
  }

  @Test
  void never_advertises_an_unspecified_address() throws Exception {
    Libp2pHost a = hosts.open(1, HostParams.listeningOn(Multiaddr.parse("/ip4/0.0.0.0/tcp/0")));
    assertFalse(a.addresses().isEmpty());
    for (Multiaddr address : a.addresses()) {
      assertFalse(AdvertisedAddresses.isUnspecified(address), address.toString());
      assertFalse(address.toString().contains("/tcp/0"), address.toString());
    }
  }

  @Test
  void tells_what_it_is_told_to_announce_and_nothing_else() throws Exception {
    Multiaddr listen = Multiaddr.parse("/memory/4501");
    List<Multiaddr> announce = List.of(Multiaddr.parse("/ip4/198.51.100.7/tcp/4501"));
    Libp2pHost a = hosts.open(1, HostParams.listeningOn(listen).withAnnounce(announce));
    Libp2pHost b = hosts.memory(2);
    assertEquals(announce, a.addresses());
    try (PeerEvents events = b.events()) {
      b.connect(a.id(), List.of(listen));
      Hosts.awaitConnected(events, a.id());
    }
    assertEquals(announce, b.info(a.id()).orElseThrow().addresses());
  }

  @Test
  void a_port_in_use_is_an_error_at_the_start() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    HostParams same = HostParams.listeningOn(a.addresses().getFirst());
    assertThrows(IOException.class, () -> hosts.open(2, same));
  }

  @Test
  void a_protocol_that_the_peer_does_not_serve_is_refused() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    serveEcho(b);
    Hosts.connect(a, b);
    assertThrows(IOException.class, () -> a.open(b.id(), List.of("/none/1")));
    assertEquals("/echo/1", openAndClose(a, b.id(), List.of("/none/1", ECHO)));
    assertThrows(IOException.class, () -> a.open(Hosts.identity(7).id(), List.of(ECHO)));
  }

  private static String openAndClose(Host from, PeerId to, List<String> protocols)
      throws IOException {
    try (Stream stream = from.open(to, protocols)) {
      return stream.protocol();
    }
  }

  @Test
  void a_lazy_stream_to_a_protocol_that_has_gone_fails_on_its_first_read() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    serveEcho(b);
    Hosts.connect(a, b);
    CountDownLatch gone = new CountDownLatch(1);
    try (Stream stream = a.open(b.id(), List.of(ECHO))) {
      b.unhandle(ECHO);
      gone.countDown();
      stream.output().write(1);
      assertThrows(IOException.class, () -> stream.input().read());
    }
  }

  @Test
  void ping_measures_a_round_trip() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    Libp2pHost b = hosts.tcp(2);
    Hosts.connect(a, b);
    Ping ping = new Ping(a, Clock.system(), new Random(1));
    for (int i = 0; i < 5; i++) {
      assertTrue(ping.ping(b.id(), Duration.ofSeconds(10)).isPositive());
    }
  }

  @Test
  void a_ping_stream_echoes_until_its_end_and_a_third_one_is_refused() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    Hosts.connect(a, b);
    byte[] payload = new byte[Ping.PAYLOAD_BYTES];
    try (Stream first = a.open(b.id(), List.of(Ping.PROTOCOL));
        Stream second = a.open(b.id(), List.of(Ping.PROTOCOL));
        Stream third = a.open(b.id(), List.of(Ping.PROTOCOL))) {
      for (Stream stream : List.of(first, second, first, second)) {
        stream.output().write(payload);
        assertArrayEquals(payload, stream.input().readNBytes(payload.length));
      }
      third.output().write(payload);
      assertThrows(IOException.class, () -> third.input().readNBytes(payload.length).clone());
      first.closeWrite();
      assertEquals(-1, first.input().read());
    }
  }

  @Test
  void a_disconnect_is_told_to_both_sides() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    Hosts.connect(a, b);
    try (PeerEvents ofA = a.events();
        PeerEvents ofB = b.events()) {
      Hosts.awaitConnected(ofA, b.id());
      Hosts.awaitConnected(ofB, a.id());
      a.disconnect(b.id(), "test");
      Hosts.awaitDisconnected(ofA, b.id());
      Hosts.awaitDisconnected(ofB, a.id());
    }
    assertEquals(List.of(), a.peers());
    assertEquals(0, a.metrics().streams());
  }

  @Test
  void a_closed_host_ends_its_subscriptions_and_takes_no_more() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    PeerEvents events = a.events();
    a.close();
    assertEquals(Optional.empty(), events.take());
    assertThrows(IOException.class, () -> b.connect(a.id(), a.addresses()));
    assertThrows(IOException.class, () -> a.connect(b.id(), b.addresses()));
  }

  @Test
  void a_handler_that_throws_resets_its_stream_and_nothing_else() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    serveEcho(b);
    b.handle(
        "/broken/1",
        stream -> {
          throw new IllegalStateException("broken");
        },
        StreamLimits.STANDARD);
    Hosts.connect(a, b);
    try (Stream stream = a.open(b.id(), List.of("/broken/1"))) {
      stream.output().write(1);
      assertThrows(IOException.class, () -> stream.input().readAllBytes().clone());
    }
    assertEquals("still here", echo(a, b.id(), "still here"));
    assertEquals(1, b.metrics().handlersFailed());
  }

  @Test
  void simultaneous_dials_end_in_one_connection_on_both_sides() throws Exception {
    Libp2pHost a = hosts.tcp(1);
    Libp2pHost b = hosts.tcp(2);
    serveEcho(a);
    serveEcho(b);
    for (int round = 0; round < 10; round++) {
      CountDownLatch start = new CountDownLatch(1);
      Thread ofA = dialAt(start, a, b);
      Thread ofB = dialAt(start, b, a);
      start.countDown();
      ofA.join();
      ofB.join();
      assertEquals(List.of(b.id()), a.peers());
      assertEquals(List.of(a.id()), b.peers());
      assertEquals("x", echo(a, b.id(), "x"));
      assertEquals("y", echo(b, a.id(), "y"));
      try (PeerEvents gone = b.events()) {
        Hosts.awaitConnected(gone, a.id());
        a.disconnect(b.id(), "next round");
        while (!a.peers().isEmpty() || !b.peers().isEmpty()) {
          a.disconnect(b.id(), "next round");
          b.disconnect(a.id(), "next round");
          Thread.onSpinWait();
        }
      }
    }
  }

  private static Thread dialAt(CountDownLatch start, Host from, Host to) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                start.await();
                from.connect(to.id(), to.addresses());
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }
}
