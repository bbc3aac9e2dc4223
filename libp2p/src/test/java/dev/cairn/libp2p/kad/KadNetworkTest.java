package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whole nodes on a network in memory.
@Timeout(120)
class KadNetworkTest {

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Runnable> open = new ArrayList<>();
  private final List<Libp2pHost> hosts = new ArrayList<>();
  private final List<Kad> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    open.reversed().forEach(Runnable::run);
  }

  private static Identity identity(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    seed[1] = 77;
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  private Kad start(KadParams params) throws IOException {
    int number = hosts.size();
    Libp2pHost host =
        new Libp2pHost(
            identity(number),
            HostParams.listeningOn(Multiaddr.parse("/memory/" + (5_000 + number))),
            List.of(new MemoryTransport(network)),
            new Peerstore(Clock.system()),
            Clock.system(),
            new SecureRandom());
    open.add(host::close);
    hosts.add(host);
    Kad kad = Kad.start(host, params, Clock.system(), number);
    open.add(kad::close);
    nodes.add(kad);
    return kad;
  }

  /// Nodes that know the first one at the start and nobody else.
  private void network(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      start(KadParams.STANDARD);
      if (i > 0) {
        hosts.get(i).connect(hosts.getFirst().id(), hosts.getFirst().addresses());
      }
    }
    for (int i = 0; i < count; i++) {
      Kad kad = nodes.get(i);
      await(() -> kad.routingTable().size() > 0);
      kad.bootstrap();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }

  @Test
  void twenty_nodes_find_peers_values_and_providers() throws Exception {
    network(20);
    for (int i = 1; i < 20; i++) {
      PeerId wanted = hosts.get((7 * i) % 20).id();
      Optional<PeerAddresses> found = nodes.get(i).findPeer(wanted);
      assertTrue(found.isPresent(), "peer " + wanted);
      assertTrue(found.get().addresses().containsAll(addressesOf(wanted)));
    }
    assertTrue(nodes.get(3).provide(Kads.content(1)) >= 10);
    nodes.get(4).provide(Kads.content(1));
    List<PeerId> providers = new ArrayList<>();
    nodes.get(17).providers(Kads.content(1), 2, provider -> providers.add(provider.peer()));
    assertEquals(2, providers.size());
    assertTrue(providers.containsAll(List.of(hosts.get(3).id(), hosts.get(4).id())));
    assertEquals(List.of(Kads.content(1)), nodes.get(3).provided());
    nodes.get(3).unprovide(Kads.content(1));
    assertEquals(List.of(), nodes.get(3).provided());
    requireValues();
    assertEquals(19, nodes.get(11).closest(new byte[] {1, 2, 3}).size());
    assertTrue(nodes.get(5).metrics().get(KadCount.QUESTIONS) > 0);
  }

  private List<Multiaddr> addressesOf(PeerId id) {
    return hosts.stream().filter(h -> h.id().equals(id)).findFirst().orElseThrow().addresses();
  }

  private void requireValues() throws InterruptedException {
    Identity signer = identity(3);
    byte[] key = SignedRecord.key(signer.id(), "site");
    long until = System.currentTimeMillis() + 3_600_000;
    byte[] first = SignedRecord.seal(signer, "site", 1, until, new byte[] {1});
    byte[] second = SignedRecord.seal(signer, "site", 2, until, new byte[] {2});
    assertTrue(nodes.get(3).putValue(key, first) >= 10);
    assertArrayEquals(first, nodes.get(9).getValue(key).orElseThrow());
    assertTrue(nodes.get(8).putValue(key, second) >= 10);
    assertArrayEquals(second, nodes.get(12).getValue(key).orElseThrow());
    assertThrows(IllegalStateException.class, () -> nodes.get(8).putValue(key, first));
    byte[] none = SignedRecord.key(signer.id(), "none");
    assertEquals(Optional.empty(), nodes.get(12).getValue(none));
    byte[] keyOfKey = PublicKeyRecords.key(signer.id());
    nodes.get(1).putValue(keyOfKey, signer.publicKey().encode());
    assertArrayEquals(signer.publicKey().encode(), nodes.get(19).getValue(keyOfKey).orElseThrow());
  }

  @Test
  void a_client_asks_and_is_in_no_table() throws Exception {
    network(5);
    Kad client = start(KadParams.STANDARD.withMode(KadMode.CLIENT));
    Libp2pHost host = hosts.getLast();
    host.connect(hosts.getFirst().id(), hosts.getFirst().addresses());
    await(() -> client.routingTable().size() > 0);
    client.bootstrap();
    assertTrue(client.findPeer(hosts.get(4).id()).isPresent());
    client.provide(Kads.content(9));
    List<PeerAddresses> providers = new ArrayList<>();
    nodes.get(2).providers(Kads.content(9), 1, providers::add);
    assertEquals(host.id(), providers.getFirst().peer());
    for (int i = 0; i < 5; i++) {
      assertFalse(nodes.get(i).routingTable().toString().contains(host.id().toString()));
    }
    host.connect(hosts.get(1).id(), hosts.get(1).addresses());
    assertThrows(
        IOException.class,
        () -> {
          try (Stream stream = hosts.get(1).open(host.id(), List.of(KadParams.CAIRN_PROTOCOL))) {
            Delimited.write(stream.output(), new byte[] {8, 4});
            Delimited.read(stream.input(), 100);
          }
        });
    client.mode(KadMode.SERVER);
    await(() -> nodes.get(1).routingTable().toString().contains(host.id().toString()));
  }

  @Test
  void a_stream_takes_several_questions_and_ends_at_a_malformed_one() throws Exception {
    network(3);
    try (Stream stream = hosts.get(1).open(hosts.get(2).id(), List.of(KadParams.CAIRN_PROTOCOL))) {
      for (int i = 0; i < 5; i++) {
        KadMessage question = KadMessage.ask(KadMessage.Type.FIND_NODE, Kads.key("q" + i));
        Delimited.write(stream.output(), KadCodec.encode(question));
        byte[] answer = Delimited.read(stream.input(), KadCodec.MESSAGE_BYTES_MAX);
        assertEquals(question.key(), KadCodec.decode(answer).key());
      }
      Delimited.write(stream.output(), new byte[] {(byte) 0xFF});
      assertThrows(
          IOException.class, () -> Delimited.read(stream.input(), KadCodec.MESSAGE_BYTES_MAX));
    }
    assertEquals(1, nodes.get(2).metrics().get(KadCount.MALFORMED));
  }

  @Test
  void a_node_that_was_there_before_comes_back_through_its_good_peers() throws Exception {
    network(8);
    List<PeerAddresses> good = nodes.get(7).goodPeers();
    assertTrue(good.size() >= 5, good.toString());
    Kad later = start(KadParams.STANDARD);
    later.restore(good);
    await(() -> later.routingTable().size() >= 5);
    assertTrue(later.findPeer(hosts.get(0).id()).isPresent());
  }

  @Test
  void a_node_without_peers_and_a_closed_one_find_nothing() throws Exception {
    Kad alone = start(KadParams.STANDARD);
    alone.bootstrap();
    assertEquals(Optional.empty(), alone.findPeer(identity(99).id()));
    assertEquals(0, alone.provide(Kads.content(1)));
    alone.close();
    assertEquals(Optional.empty(), alone.findPeer(identity(99).id()));
    assertEquals(0, alone.routingTable().size());
    try (ProviderSearch search = alone.search(Kads.content(1), 5)) {
      assertEquals(Optional.empty(), search.take());
    }
  }

  @Test
  void a_search_that_is_closed_wakes_whoever_waits() throws Exception {
    network(2);
    // Nobody answers: the other host serves the protocol and says nothing.
    hosts.get(1).unhandle(KadParams.CAIRN_PROTOCOL);
    hosts
        .get(1)
        .handle(
            KadParams.CAIRN_PROTOCOL,
            stream -> stream.input().readAllBytes(),
            dev.cairn.libp2p.host.StreamLimits.STANDARD);
    try (ProviderSearch search = nodes.getFirst().search(Kads.content(1), 5)) {
      Thread closer = Thread.ofVirtual().start(search::close);
      assertEquals(Optional.empty(), search.take());
      closer.join();
    }
  }
}
