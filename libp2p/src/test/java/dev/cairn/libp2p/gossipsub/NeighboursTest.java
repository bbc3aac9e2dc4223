package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.peer.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NeighboursTest {

  @Test
  void what_the_machine_says_to_a_peer_as_soon_as_it_hears_of_it_finds_the_link()
      throws IOException {
    try (GossipNet net = new GossipNet()) {
      AtomicReference<Neighbours> ours = new AtomicReference<>();
      List<Boolean> linked = new ArrayList<>();
      Neighbours neighbours =
          new Neighbours(
              net.host(1),
              Gossipsub.PROTOCOLS,
              new GossipMetrics(),
              input -> {
                if (input instanceof GossipInput.Joined(PeerId peer, var outbound, var idontwant)) {
                  linked.add(ours.get().link(peer).isPresent());
                }
              });
      ours.set(neighbours);
      neighbours.event(
          new PeerEvent.Connected(Peers.peer("a"), true, List.of(Gossipsub.PROTOCOLS.getLast())));
      assertEquals(List.of(true), linked);
      neighbours.close();
    }
  }

  @Test
  void a_link_that_was_replaced_has_no_say_about_its_peer() throws IOException {
    try (GossipNet net = new GossipNet()) {
      List<GossipInput> inputs = new ArrayList<>();
      Neighbours neighbours =
          new Neighbours(net.host(1), Gossipsub.PROTOCOLS, new GossipMetrics(), inputs::add);
      PeerId peer = Peers.peer("a");
      PeerLink old = connect(neighbours, peer);
      neighbours.event(new PeerEvent.Disconnected(peer));
      PeerLink current = connect(neighbours, peer);
      inputs.clear();
      neighbours.reopened(old);
      neighbours.givenUp(old);
      assertEquals(List.of(), inputs);
      assertEquals(Optional.of(current), neighbours.link(peer));
      neighbours.givenUp(current);
      assertEquals(List.of(new GossipInput.Left(peer)), inputs);
      assertEquals(Optional.empty(), neighbours.link(peer));
      neighbours.close();
    }
  }

  private static PeerLink connect(Neighbours neighbours, PeerId peer) {
    neighbours.event(new PeerEvent.Connected(peer, true, List.of(Gossipsub.PROTOCOLS.getLast())));
    return neighbours.link(peer).orElseThrow();
  }
}
