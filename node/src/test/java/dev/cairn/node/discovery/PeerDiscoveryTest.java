package dev.cairn.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.host.RequestResponse;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.identify.SignedPeerRecord;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real hosts on loopback.
@Timeout(60)
class PeerDiscoveryTest {

  private static final String CHAIN = "0123456789abcdef";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @TempDir private Path folder = Path.of("");

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final SecureRandom random = new SecureRandom();

  @AfterEach
  void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  private Libp2pHost host(String name) throws IOException {
    Libp2pHost host =
        new Libp2pHost(
            Rig.identity(name),
            HostParams.listeningOn(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
            List.of(new TcpTransport()),
            new Peerstore(Clock.system()),
            Clock.system(),
            random);
    parts.push(host);
    return host;
  }

  private PeerDiscovery discover(
      Libp2pHost host, String file, Optional<InetSocketAddress> dns, Multiaddr... named) {
    PeerDiscovery discovery =
        PeerDiscovery.start(
            new PeerDiscovery.Parts(host, CHAIN, Clock.system(), random),
            new PeerDiscovery.Choices(
                folder.resolve(file), List.of(named), dns, true, DiscoveryParams.STANDARD),
            Optional.empty(),
            PeerWalk.none(),
            e -> {
              throw new IllegalStateException(e);
            });
    parts.push(discovery);
    return discovery;
  }

  private static Multiaddr address(Libp2pHost host) {
    return host.addresses().getFirst();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(10);
    }
  }

  @Test
  void three_that_know_one_each_all_meet() throws Exception {
    Libp2pHost a = host("a");
    Libp2pHost b = host("b");
    Libp2pHost c = host("c");
    PeerDiscovery ofA = discover(a, "a", Optional.empty());
    discover(b, "b", Optional.empty(), address(a));
    await(() -> ofA.view().peers().size() == 1);
    PeerDiscovery ofC = discover(c, "c", Optional.empty(), address(a));
    await(() -> ofC.view().peers().size() == 2);
    assertTrue(c.peers().containsAll(List.of(a.id(), b.id())));
  }

  @Test
  void a_peer_that_hands_on_a_forged_record_is_let_go() throws Exception {
    Libp2pHost liar = host("liar");
    byte[] forged = SignedPeerRecord.seal(Rig.identity("x"), 1, List.of(Rig.address("127.0.0.1")));
    forged[forged.length - 1] ^= 1;
    RequestResponse.serve(
        liar,
        PeerExchange.protocol(CHAIN),
        StreamLimits.STANDARD,
        16,
        TIMEOUT,
        (peer, request) -> PeersMessage.answer(List.of(forged)));
    Libp2pHost a = host("a");
    PeerDiscovery ofA = discover(a, "a", Optional.empty());
    a.connect(liar.id(), List.of(address(liar)));
    await(() -> ofA.metrics().answersForged() == 1);
    await(() -> a.peers().isEmpty());
    // The host disconnects beside the machine, whose view may come after that.
    await(() -> ofA.view().tried() + ofA.view().heard() == 0);
  }

  @Test
  void whoever_asks_too_often_gets_no_answer() throws Exception {
    Libp2pHost a = host("a");
    discover(a, "a", Optional.empty());
    Libp2pHost asker = host("asker");
    asker.connect(a.id(), List.of(address(a)));
    String protocol = PeerExchange.protocol(CHAIN);
    for (int i = 0; i < AskRates.BURST; i++) {
      byte[] answer =
          RequestResponse.request(
              asker, a.id(), protocol, PeersMessage.request(32), 16_384, TIMEOUT);
      assertEquals(0, PeersMessage.readAnswer(answer).size());
    }
    assertThrows(
        IOException.class,
        () ->
            RequestResponse.request(
                asker, a.id(), protocol, PeersMessage.request(32), 16_384, TIMEOUT));
  }

  @Test
  void what_is_known_outlives_a_restart_with_no_named_peer() throws Exception {
    Libp2pHost a = host("a");
    discover(a, "a", Optional.empty());
    Libp2pHost b = host("b");
    PeerDiscovery first = discover(b, "b", Optional.empty(), address(a));
    await(() -> first.view().outbound() == 1);
    first.close();
    b.close();
    Libp2pHost again = host("b");
    PeerDiscovery second = discover(again, "b", Optional.empty());
    await(() -> second.view().outbound() == 1);
    assertEquals(List.of(a.id()), again.peers());
    assertEquals(List.of(a.id()), second.view().anchors());
  }

  @Test
  void a_list_that_a_domain_keeps_leads_to_its_peers() throws Exception {
    Libp2pHost a = host("a");
    discover(a, "a", Optional.empty());
    try (NameServer names = new NameServer()) {
      names.text("_dnsaddr.seed.example", "dnsaddr=" + address(a) + "/p2p/" + a.id());
      Libp2pHost b = host("b");
      PeerDiscovery ofB =
          discover(b, "b", Optional.of(names.address()), Multiaddr.parse("/dnsaddr/seed.example"));
      await(() -> ofB.view().outbound() == 1);
      assertEquals(List.of(a.id()), b.peers());
      assertFalse(ofB.view().anchors().isEmpty());
    }
  }

  @Test
  void a_named_peer_whose_dial_breaks_is_dialled_again() throws Exception {
    Host broken =
        (Host)
            Proxy.newProxyInstance(
                Host.class.getClassLoader(),
                new Class<?>[] {Host.class},
                (proxy, method, arguments) -> {
                  throw new IllegalArgumentException("broken");
                });
    List<DiscoveryInput> told = new ArrayList<>();
    Multiaddr named = Rig.address("127.0.0.1");
    new NamedDialer(broken, List.of(named), new AddressResolver(Dns.system())).dial(0, told::add);
    assertEquals(List.of(new DiscoveryInput.NamedFailed(0)), told);
  }
}
