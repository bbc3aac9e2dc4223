package dev.cairn.libp2p.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LimitsTest {

  private static final Multiaddr LOOPBACK = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");

  private static Multiaddr v4(int host) {
    return Multiaddr.parse("/ip4/192.0." + (host >> 8) + "." + (host & 255) + "/tcp/4001");
  }

  /// How many of `count` inbound connections get a place.
  private static int admitted(ConnectionGate gate, int count, boolean established) {
    int admitted = 0;
    for (int i = 0; i < count; i++) {
      Optional<ConnectionGate.Permit> permit = gate.inbound(v4(i));
      if (permit.isPresent()) {
        admitted++;
        if (established) {
          permit.get().established();
        }
      }
    }
    return admitted;
  }

  @Test
  void the_standard_is_that_of_the_design() {
    Limits limits = Limits.STANDARD;
    assertEquals(
        List.of(128, 64, 64, 8, 2_048),
        List.of(
            limits.connections(),
            limits.inbound(),
            limits.negotiating(),
            limits.perAddress(),
            limits.streams()));
  }

  @Test
  void inbound_connections_stop_at_their_limit_and_not_without_it() {
    assertEquals(64, admitted(new ConnectionGate(Limits.STANDARD), 200, true));
    Limits wide = Limits.STANDARD.withConnections(1_000, 1_000, 64);
    assertEquals(200, admitted(new ConnectionGate(wide), 200, true));
  }

  @Test
  void connections_in_negotiation_stop_at_their_limit_and_not_without_it() {
    Limits wide = Limits.STANDARD.withConnections(1_000, 1_000, 64);
    assertEquals(64, admitted(new ConnectionGate(wide), 200, false));
    Limits wider = Limits.STANDARD.withConnections(1_000, 1_000, 1_000);
    assertEquals(200, admitted(new ConnectionGate(wider), 200, false));
  }

  @Test
  void all_connections_count_together_and_leave_places_when_they_close() {
    ConnectionGate gate = new ConnectionGate(Limits.STANDARD);
    List<ConnectionGate.Permit> permits = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      permits.add(gate.outbound(v4(i)).orElseThrow());
    }
    assertTrue(gate.outbound(v4(500)).isEmpty());
    assertTrue(gate.inbound(v4(500)).isEmpty());
    permits.getFirst().close();
    permits.getFirst().close();
    assertEquals(127, gate.open());
    assertTrue(gate.inbound(v4(500)).isPresent());
    assertEquals(1, gate.negotiating());
  }

  @Test
  void eight_connections_an_ipv4_address() {
    requireEight(v4(1), v4(1), v4(2));
  }

  @Test
  void eight_connections_an_ipv6_prefix_of_56_bits() {
    requireEight(
        Multiaddr.parse("/ip6/2001:db8:1:200::1/tcp/1"),
        Multiaddr.parse("/ip6/2001:db8:1:2ff::9/tcp/1"),
        Multiaddr.parse("/ip6/2001:db8:1:300::1/tcp/1"));
  }

  private static void requireEight(Multiaddr first, Multiaddr sameGroup, Multiaddr otherGroup) {
    ConnectionGate gate = new ConnectionGate(Limits.STANDARD);
    List<ConnectionGate.Permit> permits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      permits.add(gate.inbound(i % 2 == 0 ? first : sameGroup).orElseThrow());
    }
    assertTrue(gate.inbound(sameGroup).isEmpty());
    assertTrue(gate.outbound(first).isEmpty());
    assertTrue(gate.inbound(otherGroup).isPresent());
    permits.getLast().close();
    assertTrue(gate.inbound(sameGroup).isPresent());
  }

  @Test
  void loopback_is_exempt_only_where_that_is_switched_on() {
    ConnectionGate exempt = new ConnectionGate(Limits.STANDARD.withPerAddress(8, true));
    ConnectionGate strict = new ConnectionGate(Limits.STANDARD.withPerAddress(8, false));
    for (int i = 0; i < 8; i++) {
      assertTrue(exempt.inbound(LOOPBACK).isPresent());
      assertTrue(strict.inbound(LOOPBACK).isPresent());
    }
    assertTrue(exempt.inbound(LOOPBACK).isPresent());
    assertTrue(strict.inbound(LOOPBACK).isEmpty());
  }

  @Test
  void an_ipv4_address_written_in_ipv6_counts_as_ipv4() {
    assertEquals(
        AddressGroup.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1"), false),
        AddressGroup.of(Multiaddr.parse("/ip6/::ffff:192.0.2.1/tcp/1"), false));
  }

  @Test
  void an_address_without_an_ip_has_no_group() {
    assertEquals(Optional.empty(), AddressGroup.of(Multiaddr.parse("/memory/a"), false));
  }

  @Test
  void streams_stop_at_their_limit() {
    StreamGate gate = new StreamGate(2);
    assertTrue(gate.enter());
    assertTrue(gate.enter());
    assertFalse(gate.enter());
    gate.leave();
    assertTrue(gate.enter());
    assertEquals(2, gate.open());
  }

  @Test
  void a_protocol_counts_its_streams_for_each_peer_and_in_all() {
    PeerId first = peer(1);
    PeerId second = peer(2);
    ProtocolGate gate = new ProtocolGate(2, 3);
    assertTrue(gate.enter(first, Duration.ZERO));
    assertTrue(gate.enter(first, Duration.ZERO));
    assertFalse(gate.enter(first, Duration.ZERO));
    assertTrue(gate.enter(second, Duration.ZERO));
    assertFalse(gate.enter(second, Duration.ZERO));
    gate.leave(first);
    assertTrue(gate.enter(second, Duration.ZERO));
  }

  @Test
  @Timeout(30)
  void a_stream_over_the_limit_waits_for_one_that_ends_and_no_more_wait_than_there_are_places()
      throws Exception {
    PeerId peer = peer(1);
    ProtocolGate gate = new ProtocolGate(1, 1);
    assertTrue(gate.enter(peer, Duration.ZERO));
    FutureTask<Boolean> waits = new FutureTask<>(() -> gate.enter(peer, Duration.ofHours(1)));
    Thread thread = Thread.ofPlatform().start(waits);
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertFalse(gate.enter(peer, Duration.ofHours(1)), "one waits already");
    gate.leave(peer);
    assertTrue(waits.get());
    assertFalse(gate.enter(peer, Duration.ofMillis(1)), "it holds the place");
  }

  private static PeerId peer(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.of(Ed25519Key.fromSeed(bytes)).id();
  }
}
