package dev.cairn.libp2p.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Subscriptions that are slow, over a host whose peers come and go.
@Timeout(60)
class PeerEventHubTest {

  private final Hosts hosts = new Hosts();

  @AfterEach
  void close() {
    hosts.close();
  }

  private static void reconnect(Libp2pHost a, Libp2pHost b) throws Exception {
    try (PeerEvents events = a.events()) {
      Hosts.awaitConnected(events, b.id());
      a.disconnect(b.id(), "test");
      Hosts.awaitDisconnected(events, b.id());
      Hosts.connect(a, b);
    }
  }

  @Test
  void a_new_subscription_begins_with_the_peers_that_are_there() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    Hosts.connect(a, b);
    try (PeerEvents events = a.events()) {
      PeerEvent.Connected connected =
          assertInstanceOf(PeerEvent.Connected.class, events.take().orElseThrow());
      assertEquals(b.id(), connected.peer());
      assertTrue(connected.outbound());
      assertTrue(connected.protocols().contains("/ipfs/id/1.0.0"));
    }
  }

  @Test
  void what_a_slow_subscriber_missed_is_merged_and_still_alternates() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    Libp2pHost c = hosts.memory(3);
    try (PeerEvents slow = a.events()) {
      Hosts.connect(a, b);
      assertInstanceOf(PeerEvent.Connected.class, slow.take().orElseThrow());
      for (int i = 0; i < 5; i++) {
        reconnect(a, b);
      }
      assertInstanceOf(PeerEvent.Disconnected.class, slow.take().orElseThrow());
      assertInstanceOf(PeerEvent.Connected.class, slow.take().orElseThrow());
      Hosts.connect(a, c);
      assertEquals(c.id(), slow.take().orElseThrow().peer());
    }
  }

  @Test
  void a_peer_that_came_and_went_unseen_is_not_told_of() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    Libp2pHost c = hosts.memory(3);
    try (PeerEvents slow = a.events();
        PeerEvents fast = a.events()) {
      Hosts.connect(a, b);
      Hosts.awaitConnected(fast, b.id());
      a.disconnect(b.id(), "test");
      Hosts.awaitDisconnected(fast, b.id());
      Hosts.connect(a, c);
      assertEquals(c.id(), slow.take().orElseThrow().peer());
    }
  }

  @Test
  void a_closed_subscription_is_empty() throws Exception {
    Libp2pHost a = hosts.memory(1);
    PeerEvents events = a.events();
    events.close();
    assertEquals(Optional.empty(), events.take());
    assertEquals(List.of(), a.peers());
  }
}
