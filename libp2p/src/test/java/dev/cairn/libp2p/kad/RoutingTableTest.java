package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingTableTest {

  private static final TableParams OPEN =
      TableParams.STANDARD.withGroups(Integer.MAX_VALUE, Integer.MAX_VALUE);

  private static RoutingTable table(TableParams params) {
    return new RoutingTable(Kads.id(0), params);
  }

  private static void see(RoutingTable table, PeerAddresses peer, long nanos) {
    table.seen(peer, Kads.remote(peer), nanos);
  }

  private static int prefix(RoutingTable table, PeerAddresses peer) {
    return table.self().commonPrefix(peer.key());
  }

  /// Peers that belong into one bucket.
  private static List<PeerAddresses> ofBucket(RoutingTable table, int prefix, int count) {
    List<PeerAddresses> peers = new ArrayList<>();
    for (int i = 1; peers.size() < count; i++) {
      PeerAddresses peer = Kads.peer(i);
      if (prefix(table, peer) == prefix) {
        peers.add(peer);
      }
    }
    return peers;
  }

  @Test
  void the_nearest_are_those_that_sorting_all_gives() {
    RoutingTable table = table(OPEN);
    for (int i = 1; i < 2_000; i++) {
      see(table, Kads.peer(i), i);
    }
    List<PeerAddresses> all = table.nearest(Kads.key("all"), Integer.MAX_VALUE);
    assertEquals(table.size(), all.size());
    for (int i = 0; i < 200; i++) {
      KadKey target = i == 0 ? table.self() : Kads.key("target " + i);
      List<PeerAddresses> sorted =
          all.stream()
              .sorted(Comparator.comparing(PeerAddresses::key, target::compareDistance))
              .limit(20)
              .toList();
      assertEquals(sorted, table.nearest(target, 20));
    }
  }

  @Test
  void a_bucket_holds_k_peers_and_a_newcomer_waits() {
    RoutingTable table = table(OPEN);
    List<PeerAddresses> peers = ofBucket(table, 0, 25);
    peers.forEach(peer -> see(table, peer, 0));
    assertEquals(20, table.size());
    assertTrue(table.contains(peers.getFirst()));
    assertFalse(table.contains(peers.getLast()));
    assertEquals(5, table.snapshot(0).buckets().getFirst().waiting());
  }

  @Test
  void a_flood_of_newcomers_waits_in_bounded_room() {
    RoutingTable table = table(OPEN);
    ofBucket(table, 0, 300).forEach(peer -> see(table, peer, 0));
    assertEquals(OPEN.waitingMax(), table.snapshot(0).buckets().getFirst().waiting());
  }

  @Test
  void a_silent_peer_is_asked_before_it_gives_way() {
    RoutingTable table = table(OPEN);
    List<PeerAddresses> peers = ofBucket(table, 0, 22);
    peers.subList(0, 20).forEach(peer -> see(table, peer, 0));
    long later = OPEN.staleAfter().toNanos();
    assertEquals(
        Optional.empty(), table.seen(peers.get(20), Kads.remote(peers.get(20)), later - 1));
    assertEquals(
        Optional.of(peers.getFirst()),
        table.seen(peers.get(21), Kads.remote(peers.get(21)), later));
    assertTrue(table.contains(peers.getFirst()));
    table.failed(peers.getFirst());
    assertFalse(table.contains(peers.getFirst()));
    assertTrue(table.contains(peers.get(21)));
  }

  @Test
  void a_failing_peer_stays_a_while_when_nobody_waits() {
    RoutingTable table = table(OPEN);
    see(table, Kads.peer(1), 0);
    see(table, Kads.peer(2), 0);
    table.failed(Kads.peer(1));
    assertEquals(List.of(Kads.peer(2)), table.nearestSound(Kads.key("x"), 20));
    assertEquals(2, table.nearest(Kads.key("x"), 20).size());
    see(table, Kads.peer(1), 1);
    assertEquals(2, table.nearestSound(Kads.key("x"), 20).size());
    for (int i = 0; i < OPEN.failuresMax(); i++) {
      table.failed(Kads.peer(1));
    }
    assertFalse(table.contains(Kads.peer(1)));
  }

  /// Peers of one /24, in all buckets.
  private static RoutingTable flooded(TableParams params, int peers) {
    RoutingTable table = table(params);
    for (int i = 1; i <= peers; i++) {
      see(table, Kads.peer(i, "66.1.1." + (1 + i % 250)), 0);
    }
    return table;
  }

  @Test
  void one_network_gets_few_places() {
    TableParams params = TableParams.STANDARD.withGroups(2, 10);
    RoutingTable table = flooded(params, 10_000);
    assertEquals(10, table.size());
    table.snapshot(0).buckets().forEach(b -> assertTrue(b.peers().size() <= 2, b.toString()));
    assertEquals(2, flooded(TableParams.STANDARD, 10_000).size());
    assertTrue(flooded(OPEN, 10_000).size() > 150, "without the limit they take all");
  }

  @Test
  void a_place_in_the_network_becomes_free_when_a_peer_goes() {
    RoutingTable table = flooded(TableParams.STANDARD, 100);
    PeerAddresses gone = table.nearest(Kads.key("x"), 1).getFirst();
    table.remove(gone.peer());
    assertEquals(1, table.size());
    see(table, Kads.peer(5_000, "66.1.1.7"), 0);
    assertEquals(2, table.size());
  }

  @Test
  void loopback_and_private_networks_are_exempt_only_where_they_are_said_to_be() {
    for (String network : List.of("127.0.0.1", "10.1.1.1", "192.168.3.4", "172.20.1.1")) {
      assertEquals(5, exempt(network, true, true), network);
      assertEquals(2, exempt(network, false, false), network);
    }
    assertEquals(2, exempt("10.1.1.1", true, false));
    assertEquals(2, exempt("172.32.1.1", true, true));
  }

  private static int exempt(String ip, boolean loopback, boolean privateNetworks) {
    RoutingTable table = table(TableParams.STANDARD.withExempt(loopback, privateNetworks));
    for (int i = 1; i <= 5; i++) {
      see(table, Kads.peer(i, ip), 0);
    }
    return table.size();
  }

  @Test
  void ipv6_counts_by_48_bits() {
    RoutingTable table = table(TableParams.STANDARD);
    for (int i = 1; i <= 50; i++) {
      Multiaddr address =
          Multiaddr.parse("/ip6/2001:db8:7:" + Integer.toHexString(i << 8) + "::1/tcp/4001");
      see(table, PeerAddresses.of(Kads.id(i), List.of(address)), 0);
    }
    assertEquals(2, table.size());
  }

  @Test
  void a_peer_counts_for_where_it_comes_from_not_for_what_it_says() {
    RoutingTable table = table(TableParams.STANDARD);
    Optional<Multiaddr> same = Optional.of(Multiaddr.parse("/ip4/66.1.1.9/tcp/55555"));
    for (int i = 1; i <= 50; i++) {
      table.seen(Kads.peer(i), same, 0);
    }
    assertEquals(2, table.size());
  }

  @Test
  void we_are_not_in_our_own_table() {
    RoutingTable table = table(OPEN);
    see(table, Kads.peer(0), 0);
    assertEquals(0, table.size());
    assertFalse(table.wants(Kads.peer(0), Optional.empty()));
  }
}
