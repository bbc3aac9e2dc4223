package dev.cairn.libp2p.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.multiformats.Multiaddr;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("try") // a bootstrap that only has to be there
class BootstrapTest {

  private static final Bootstrap.Backoff QUICK =
      new Bootstrap.Backoff(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(5));

  private final Hosts hosts = new Hosts();

  @AfterEach
  void close() {
    hosts.close();
  }

  @Test
  void connects_again_when_the_connection_is_lost() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Libp2pHost b = hosts.memory(2);
    Multiaddr address = b.addresses().getFirst().with("/p2p/" + b.id());
    try (PeerEvents events = a.events();
        Bootstrap bootstrap = new Bootstrap(a, List.of(address), QUICK, new SecureRandom())) {
      for (int i = 0; i < 3; i++) {
        Hosts.awaitConnected(events, b.id());
        b.disconnect(a.id(), "test");
        Hosts.awaitDisconnected(events, b.id());
      }
    }
  }

  @Test
  void waits_for_a_peer_that_is_not_there_yet() throws Exception {
    Libp2pHost a = hosts.memory(1);
    Multiaddr address = Multiaddr.parse("/memory/1002/p2p/" + Hosts.identity(2).id());
    try (PeerEvents events = a.events();
        Bootstrap bootstrap = new Bootstrap(a, List.of(address), QUICK, new SecureRandom())) {
      while (a.metrics().dialsFailed() < 3) {
        Thread.onSpinWait();
      }
      Libp2pHost b = hosts.memory(2);
      assertEquals(b.id(), Hosts.awaitConnected(events, b.id()).peer());
    }
  }
}
