package dev.cairn.libp2p.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.identify.IdentifyMessage;
import dev.cairn.libp2p.identify.SignedPeerRecord;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a host believes of what a peer says of itself.
@Timeout(60)
class IdentifyServiceTest {

  private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.7/tcp/4001");
  private static final Multiaddr OTHER = Multiaddr.parse("/ip4/192.0.2.8/tcp/4001");

  private Hosts hosts = new Hosts();
  private Optional<Host> last = Optional.empty();

  @AfterEach
  void close() {
    hosts.close();
  }

  private static IdentifyMessage message(Optional<byte[]> key, Optional<byte[]> record) {
    return new IdentifyMessage(
        key,
        List.of(ADDRESS),
        List.of("/told/1"),
        Optional.empty(),
        Optional.empty(),
        Optional.of("told"),
        record);
  }

  /// The protocols that a host believes of a peer which sends these messages.
  private List<String> believed(List<byte[]> messages) throws Exception {
    hosts.close();
    hosts = new Hosts();
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    last = Optional.of(a);
    b.handle(
        IdentifyService.IDENTIFY,
        stream -> {
          for (byte[] part : messages) {
            Delimited.write(stream.output(), part);
          }
        },
        StreamLimits.STANDARD);
    try (PeerEvents events = a.events()) {
      a.connect(b.id(), b.addresses());
      List<String> protocols = Hosts.awaitConnected(events, b.id()).protocols();
      assertEquals(protocols, a.info(b.id()).orElseThrow().protocols());
      return protocols;
    }
  }

  @Test
  void believes_the_peers_own_key_and_record() throws Exception {
    byte[] key = Hosts.identity(2).publicKey().encode();
    byte[] record = SignedPeerRecord.seal(Hosts.identity(2), 1, List.of(OTHER));
    assertEquals(
        List.of("/told/1"), believed(message(Optional.of(key), Optional.of(record)).encode()));
  }

  @Test
  void believes_nothing_that_comes_with_the_key_of_another_peer() throws Exception {
    byte[] key = Hosts.identity(3).publicKey().encode();
    assertEquals(List.of(), believed(message(Optional.of(key), Optional.empty()).encode()));
  }

  @Test
  void believes_nothing_that_comes_with_the_record_of_another_peer() throws Exception {
    byte[] record = SignedPeerRecord.seal(Hosts.identity(3), 1, List.of(OTHER));
    assertEquals(List.of(), believed(message(Optional.empty(), Optional.of(record)).encode()));
  }

  @Test
  void believes_nothing_that_comes_with_a_broken_record() throws Exception {
    byte[] record = SignedPeerRecord.seal(Hosts.identity(2), 1, List.of(OTHER));
    record[record.length - 1] ^= 1;
    assertEquals(List.of(), believed(message(Optional.empty(), Optional.of(record)).encode()));
  }

  @Test
  void an_answer_that_comes_after_a_newer_push_changes_nothing() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    b.handle(
        IdentifyService.IDENTIFY,
        stream -> {
          try (Stream push = b.open(stream.peer(), List.of(IdentifyService.PUSH))) {
            write(push, numbered(Hosts.identity(2), 2, "/newer/1"));
            push.closeWrite();
          }
          await(() -> !serves(a, b).isEmpty());
          write(stream, numbered(Hosts.identity(2), 1, "/older/1"));
        },
        StreamLimits.STANDARD);
    try (PeerEvents events = a.events()) {
      a.connect(b.id(), b.addresses());
      assertEquals(List.of("/newer/1"), Hosts.awaitConnected(events, b.id()).protocols());
    }
  }

  @Test
  void a_change_is_pushed_to_a_peer_that_had_not_answered_identify_by_then() throws Exception {
    Libp2pHost asked = hosts.memory(1);
    Libp2pHost changing = hosts.memory(2);
    Libp2pHost witness = hosts.memory(3);
    Hosts.connect(witness, changing);
    asked.handle(
        IdentifyService.IDENTIFY,
        stream -> {
          await(() -> !serves(asked, changing).isEmpty());
          changing.handle("/late/1", Stream::reset, StreamLimits.STANDARD);
          await(() -> serves(witness, changing).contains("/late/1"));
          write(stream, numbered(Hosts.identity(1), 1, IdentifyService.PUSH));
        },
        StreamLimits.STANDARD);
    asked.connect(changing.id(), changing.addresses());
    await(() -> serves(asked, changing).contains("/late/1"));
    assertTrue(serves(asked, changing).contains("/late/1"));
  }

  private static List<String> serves(Libp2pHost host, Libp2pHost peer) {
    return host.info(peer.id()).map(PeerInfo::protocols).orElse(List.of());
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static IdentifyMessage numbered(Identity of, long sequence, String protocol) {
    return new IdentifyMessage(
        Optional.empty(),
        List.of(),
        List.of(protocol),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(SignedPeerRecord.seal(of, sequence, List.of(OTHER))));
  }

  private static void write(Stream stream, IdentifyMessage message) throws IOException {
    for (byte[] part : message.encode()) {
      Delimited.write(stream.output(), part);
    }
  }

  @Test
  void merges_ten_messages_and_refuses_eleven() throws Exception {
    List<byte[]> parts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      names.add("/p/" + i);
      parts.add(new ProtobufWriter().text(3, "/p/" + i).toBytes());
    }
    assertEquals(names, believed(parts));
    parts.add(new ProtobufWriter().text(3, "/p/10").toBytes());
    assertEquals(List.of(), believed(parts));
  }

  @Test
  void addresses_come_from_the_signed_record_where_there_is_one() throws Exception {
    byte[] record = SignedPeerRecord.seal(Hosts.identity(2), 1, List.of(OTHER));
    believed(message(Optional.empty(), Optional.of(record)).encode());
    assertEquals(
        List.of(OTHER), last.orElseThrow().info(Hosts.identity(2).id()).orElseThrow().addresses());
    assertTrue(last.orElseThrow().peerstore().addresses(Hosts.identity(2).id()).contains(OTHER));
    assertFalse(last.orElseThrow().peerstore().addresses(Hosts.identity(2).id()).contains(ADDRESS));
  }

  @Test
  void loopback_and_unspecified_addresses_of_a_peer_elsewhere_are_dropped() {
    Multiaddr loopback = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
    Multiaddr unspecified = Multiaddr.parse("/ip4/0.0.0.0/tcp/1");
    List<Multiaddr> told = List.of(loopback, unspecified, ADDRESS, ADDRESS);
    assertEquals(List.of(ADDRESS), AddressScope.within(told, OTHER));
    assertEquals(List.of(loopback, ADDRESS), AddressScope.within(told, loopback));
  }

  @Test
  void an_observed_address_counts_when_four_places_have_named_it() {
    ObservedAddresses observed = new ObservedAddresses();
    Multiaddr ours = Multiaddr.parse("/ip4/198.51.100.1/tcp/4001");
    for (int i = 1; i <= 3; i++) {
      observed.add(Multiaddr.parse("/ip4/192.0.2." + i + "/tcp/1"), ours);
      observed.add(Multiaddr.parse("/ip4/192.0.2." + i + "/tcp/2"), ours);
    }
    assertEquals(List.of(), observed.confirmed());
    observed.add(Multiaddr.parse("/ip4/192.0.2.4/tcp/1"), ours);
    assertEquals(List.of(ours), observed.confirmed());
  }

  @Test
  void observed_addresses_of_no_use_to_others_never_count() {
    ObservedAddresses observed = new ObservedAddresses();
    for (String ip : List.of("127.0.0.1", "0.0.0.0", "10.1.2.3", "169.254.1.1", "224.0.0.1")) {
      for (int i = 1; i <= 8; i++) {
        observed.add(
            Multiaddr.parse("/ip4/192.0.2." + i + "/tcp/1"),
            Multiaddr.parse("/ip4/" + ip + "/tcp/4001"));
      }
    }
    assertEquals(List.of(), observed.confirmed());
  }

  @Test
  void rubbish_leaves_the_connection_usable() throws Exception {
    assertEquals(List.of(), believed(List.of(new byte[] {1, 2, 3})));
  }
}
