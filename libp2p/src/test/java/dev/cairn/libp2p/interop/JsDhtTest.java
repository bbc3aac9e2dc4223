package dev.cairn.libp2p.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.kad.Kad;
import dev.cairn.libp2p.kad.KadParams;
import dev.cairn.libp2p.kad.PeerAddresses;
import dev.cairn.libp2p.kad.PublicKeyRecords;
import dev.cairn.libp2p.kad.SignedRecord;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multihash;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/// One DHT of twenty nodes of ours and two of js-libp2p's, over TCP on loopback.
@Timeout(180)
@EnabledIf("installed")
class JsDhtTest {

  private static final int NODES = 20;

  private final List<Identity> identities = new ArrayList<>();
  private final List<Libp2pHost> hosts = new ArrayList<>();
  private final List<Kad> nodes = new ArrayList<>();

  static boolean installed() {
    return JsPeer.installed().isPresent();
  }

  @AfterEach
  void close() {
    nodes.forEach(Kad::close);
    hosts.forEach(Libp2pHost::close);
  }

  private void start() throws IOException {
    Identity identity = Identity.generate(new SecureRandom());
    Libp2pHost host =
        new Libp2pHost(
            identity,
            HostParams.listeningOn(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
            List.of(new TcpTransport()),
            new Peerstore(Clock.system()),
            Clock.system(),
            new SecureRandom());
    identities.add(identity);
    hosts.add(host);
    nodes.add(Kad.start(host, KadParams.STANDARD, Clock.system(), nodes.size()));
  }

  private String address(int node) {
    return hosts.get(node).addresses().getFirst() + "/p2p/" + hosts.get(node).id();
  }

  /// Ours know the first one; the js peers know one of ours each.
  private void join(JsPeer... js) throws Exception {
    for (int i = 0; i < NODES; i++) {
      start();
      if (i > 0) {
        hosts.get(i).connect(hosts.getFirst().id(), hosts.getFirst().addresses());
      }
    }
    for (int i = 0; i < js.length; i++) {
      js[i].ask("dial", address(5 + i));
    }
    for (Kad node : nodes) {
      while (node.routingTable().size() == 0) {
        Thread.sleep(5);
      }
      node.bootstrap();
    }
    for (JsPeer peer : js) {
      while (Integer.parseInt(peer.ask("dht-size")) < 10) {
        Thread.sleep(20);
      }
    }
  }

  private static Multihash content(int number) {
    byte[] digest = new byte[32];
    digest[0] = (byte) number;
    return Multihash.of(Multihash.SHA2_256, digest);
  }

  private static String hex(Multihash content) {
    return Hex.encode(content.encode());
  }

  @Test
  void each_side_finds_peers_values_and_providers_of_the_other() throws Exception {
    try (JsPeer one = new JsPeer("--dht");
        JsPeer two = new JsPeer("--dht")) {
      join(one, two);
      requirePeers(one, two);
      requireProviders(one, two);
      requireValues(one, two);
    }
  }

  @Test
  void a_js_peer_alone_takes_what_it_is_told() throws Exception {
    try (JsPeer js = new JsPeer("--dht")) {
      start();
      js.ask("dial", address(0));
      while (nodes.getFirst().routingTable().size() == 0) {
        Thread.sleep(5);
      }
      assertEquals(1, nodes.getFirst().provide(content(3)));
      byte[] key = PublicKeyRecords.key(identities.getFirst().id());
      byte[] value = identities.getFirst().publicKey().encode();
      assertEquals(1, nodes.getFirst().putValue(key, value));
      assertEquals(Hex.encode(value), js.ask("dht-get", Hex.encode(key)));
    }
  }

  private void requirePeers(JsPeer one, JsPeer two) throws Exception {
    for (int i = 0; i < NODES; i += 6) {
      String found = one.ask("dht-find-peer", hosts.get(i).id().toString());
      assertTrue(found.contains(hosts.get(i).addresses().getFirst().toString()), found);
      PeerAddresses js = nodes.get(i).findPeer(PeerId.parse(two.id())).orElseThrow();
      assertEquals(
          Multiaddr.parse(two.ask("address")).components().subList(0, 2),
          js.addresses().getFirst().components());
    }
  }

  private void requireProviders(JsPeer one, JsPeer two) throws Exception {
    assertTrue(nodes.get(2).provide(content(1)) >= 18);
    assertEquals(hosts.get(2).id().toString(), one.ask("dht-providers", hex(content(1))));
    two.ask("dht-provide", hex(content(2)));
    List<String> providers = new ArrayList<>();
    nodes.get(9).providers(content(2), 1, p -> providers.add(p.peer().toString()));
    assertEquals(List.of(two.id()), providers);
    assertEquals(two.id(), one.ask("dht-providers", hex(content(2))));
  }

  private void requireValues(JsPeer one, JsPeer two) throws Exception {
    Identity signer = identities.get(4);
    byte[] key = SignedRecord.key(signer.id(), "site");
    long until = System.currentTimeMillis() + 3_600_000;
    byte[] value = SignedRecord.seal(signer, "site", 1, until, new byte[] {1, 2, 3});
    assertTrue(nodes.get(4).putValue(key, value) >= 18);
    assertEquals(Hex.encode(value), one.ask("dht-get", Hex.encode(key)));
    byte[] keyOfKey = PublicKeyRecords.key(signer.id());
    byte[] encoded = signer.publicKey().encode();
    two.ask("dht-put", Hex.encode(keyOfKey), Hex.encode(encoded));
    assertArrayEquals(encoded, nodes.get(11).getValue(keyOfKey).orElseThrow());
  }
}
