package dev.cairn.libp2p.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SuppressWarnings("try") // a peer that only has to be there
class MdnsTest {

  /// Apart from the real group's port, so that tests do not meet nodes that run here.
  private static final InetSocketAddress GROUP =
      new InetSocketAddress(InetAddress.ofLiteral("224.0.0.251"), 45353);

  private static PeerId peer(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.of(Ed25519Key.fromSeed(bytes)).id();
  }

  private static Mdns mdns(int seed, String address) throws IOException {
    List<Multiaddr> addresses = List.of(Multiaddr.parse(address));
    return new Mdns(peer(seed), () -> addresses, Clock.system(), new Random(seed), GROUP);
  }

  private static DiscoveredPeer takeUntil(Discoveries discoveries, PeerId wanted)
      throws InterruptedException {
    while (true) {
      Optional<DiscoveredPeer> found = discoveries.take();
      if (found.orElseThrow().peer().equals(wanted)) {
        return found.get();
      }
    }
  }

  @Test
  @Timeout(60)
  void peers_that_listen_on_loopback_only_find_each_other() throws Exception {
    try (Mdns first = mdns(1, "/ip4/127.0.0.1/tcp/4001");
        Discoveries ofFirst = first.subscribe();
        Mdns second = mdns(2, "/ip4/127.0.0.1/tcp/4002");
        Discoveries ofSecond = second.subscribe()) {
      assertEquals(
          List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4002")),
          takeUntil(ofFirst, peer(2)).addresses());
      assertEquals(
          List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")),
          takeUntil(ofSecond, peer(1)).addresses());
    }
  }

  @Test
  @Timeout(60)
  void a_flood_of_rubbish_does_not_stop_discovery() throws Exception {
    Random random = new Random(7);
    try (MulticastLink link = new MulticastLink(GROUP);
        Mdns first = mdns(3, "/ip4/127.0.0.1/tcp/4003");
        Discoveries ofFirst = first.subscribe()) {
      NetworkInterface loopback =
          link.interfaces().stream().filter(MdnsTest::isLoopback).findFirst().orElseThrow();
      for (int i = 0; i < 1_000; i++) {
        byte[] rubbish = new byte[random.nextInt(1_400)];
        random.nextBytes(rubbish);
        link.send(loopback, rubbish);
      }
      try (Mdns second = mdns(4, "/ip4/127.0.0.1/tcp/4004")) {
        assertTrue(takeUntil(ofFirst, peer(4)).addresses().size() == 1);
      }
    }
  }

  private static boolean isLoopback(NetworkInterface network) {
    try {
      return network.isLoopback();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @Timeout(60)
  void a_closed_subscription_ends_its_taker() throws Exception {
    Discoveries discoveries = new Discoveries(d -> {});
    Thread taker = Thread.ofVirtual().start(() -> take(discoveries));
    discoveries.close();
    taker.join();
    assertEquals(Optional.empty(), discoveries.take());
  }

  private static void take(Discoveries discoveries) {
    try {
      discoveries.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void discoveries_that_wait_are_bounded_and_merged() throws Exception {
    try (Discoveries discoveries = new Discoveries(d -> {})) {
      PeerId first = peer(0);
      for (int i = 0; i < 400; i++) {
        byte[] seed = new byte[32];
        seed[0] = (byte) i;
        seed[1] = (byte) (i >> 8);
        PeerId peer = Identity.of(Ed25519Key.fromSeed(seed)).id();
        discoveries.offer(new DiscoveredPeer(peer, List.of()));
      }
      Multiaddr newest = Multiaddr.parse("/ip4/127.0.0.1/tcp/9");
      discoveries.offer(new DiscoveredPeer(first, List.of(newest)));
      assertEquals(new DiscoveredPeer(first, List.of(newest)), discoveries.take().orElseThrow());
      int left = 0;
      discoveries.offer(new DiscoveredPeer(first, List.of()));
      while (!discoveries.take().orElseThrow().peer().equals(first)) {
        left++;
      }
      assertEquals(Discoveries.WAITING_MAX - 1, left);
    }
  }

  @Test
  void the_rate_of_datagrams_is_limited_in_each_second() {
    long[] nanos = {0};
    RateWindow rate = new RateWindow(2, () -> new Now(nanos[0], 0));
    assertEquals(List.of(true, true, false), List.of(rate.admits(), rate.admits(), rate.admits()));
    nanos[0] = 1_000_000_000L;
    assertTrue(rate.admits());
  }
}
