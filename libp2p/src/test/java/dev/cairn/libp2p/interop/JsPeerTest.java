package dev.cairn.libp2p.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.gossipsub.GossipMessage;
import dev.cairn.libp2p.gossipsub.GossipParams;
import dev.cairn.libp2p.gossipsub.Gossipsub;
import dev.cairn.libp2p.gossipsub.MessageIds;
import dev.cairn.libp2p.gossipsub.SignaturePolicy;
import dev.cairn.libp2p.gossipsub.Subscription;
import dev.cairn.libp2p.gossipsub.TopicParams;
import dev.cairn.libp2p.gossipsub.Verdict;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.mdns.Discoveries;
import dev.cairn.libp2p.mdns.Mdns;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.ping.Ping;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/// The stack against js-libp2p over TCP on loopback.
@Timeout(120)
@EnabledIf("installed")
class JsPeerTest {

  private static final String TOPIC = "/cairn/interop/tx/1";

  private final Identity identity = Identity.generate(new SecureRandom());
  private Libp2pHost host;

  static boolean installed() {
    return JsPeer.installed().isPresent();
  }

  @BeforeEach
  void open() throws IOException {
    host =
        new Libp2pHost(
            identity,
            HostParams.listeningOn(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).withAgent("cairn/t"),
            List.of(new TcpTransport()),
            new Peerstore(Clock.system()),
            Clock.system(),
            new SecureRandom());
  }

  @AfterEach
  void close() {
    host.close();
  }

  private String address() {
    return host.addresses().getFirst() + "/p2p/" + host.id();
  }

  private static PeerEvent.Connected connected(Host host, PeerId peer) throws Exception {
    try (PeerEvents events = host.events()) {
      while (true) {
        if (events.take().orElseThrow() instanceof PeerEvent.Connected connected
            && connected.peer().equals(peer)) {
          return connected;
        }
      }
    }
  }

  @Test
  void we_dial_and_both_identify_and_ping() throws Exception {
    try (JsPeer js = new JsPeer()) {
      PeerId peer = host.connect(Multiaddr.parse(js.ask("address")));
      assertEquals(js.id(), peer.toString());
      requireIdentifiedAndPinged(js, peer, true);
    }
  }

  @Test
  void they_dial_and_both_identify_and_ping() throws Exception {
    try (JsPeer js = new JsPeer()) {
      assertEquals(host.id().toString(), js.ask("dial", address()));
      requireIdentifiedAndPinged(js, PeerId.parse(js.id()), false);
    }
  }

  private void requireIdentifiedAndPinged(JsPeer js, PeerId peer, boolean outbound)
      throws Exception {
    PeerEvent.Connected connected = connected(host, peer);
    assertEquals(outbound, connected.outbound());
    assertTrue(connected.protocols().contains(Ping.PROTOCOL), connected.toString());
    assertTrue(host.peerstore().recordSequence(peer).isPresent(), "no signed record taken");
    Ping ping = new Ping(host, Clock.system(), new Random(1));
    assertTrue(ping.ping(peer, Duration.ofSeconds(10)).isPositive());
    assertEquals("cairn/t", js.ask("agent", host.id().toString()));
    assertTrue(js.ask("protocols", host.id().toString()).contains(Ping.PROTOCOL));
    assertEquals("true", js.ask("certified", host.id().toString()));
    assertEquals(host.addresses().getFirst().toString(), js.ask("addresses", host.id().toString()));
    assertTrue(Long.parseLong(js.ask("ping", host.id().toString())) >= 0);
  }

  @Test
  void a_pushed_protocol_reaches_the_js_peer() throws Exception {
    try (JsPeer js = new JsPeer()) {
      PeerId peer = host.connect(Multiaddr.parse(js.ask("address")));
      connected(host, peer);
      assertTrue(js.ask("protocols", host.id().toString()).contains(Ping.PROTOCOL));
      host.handle("/late/1", stream -> {}, dev.cairn.libp2p.host.StreamLimits.STANDARD);
      while (!js.ask("protocols", host.id().toString()).contains("/late/1")) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void gossip_goes_both_ways_unsigned() throws Exception {
    requireGossip(SignaturePolicy.STRICT_NO_SIGN);
  }

  @Test
  void gossip_goes_both_ways_signed() throws Exception {
    requireGossip(SignaturePolicy.STRICT_SIGN, "--sign");
  }

  private void requireGossip(SignaturePolicy policy, String... options) throws Exception {
    TopicParams topic = new TopicParams(TOPIC, policy, 65_536, 16, MessageIds.CONTENT);
    boolean signed = policy == SignaturePolicy.STRICT_SIGN;
    try (JsPeer js = new JsPeer(options);
        Gossipsub gossip =
            Gossipsub.start(host, identity, GossipParams.STANDARD, Clock.system(), 1);
        Subscription subscription = gossip.subscribe(topic)) {
      PeerId peer = host.connect(Multiaddr.parse(js.ask("address")));
      js.ask("subscribe", TOPIC);
      while (!js.ask("subscribers", TOPIC).contains(host.id().toString())
          || !gossip.topicPeers(TOPIC).contains(peer)) {
        Thread.onSpinWait();
      }
      js.ask("publish", TOPIC, "cafe");
      GossipMessage message = subscription.take();
      assertArrayEquals(Hex.decode("cafe"), message.data());
      assertEquals(signed, message.author().isPresent());
      message.report(new Verdict.Accept());
      gossip.publish(TOPIC, Hex.decode("beef"));
      String author = signed ? host.id().toString() : "-";
      assertEquals("message " + TOPIC + " " + author + " beef", js.event("message"));
    }
  }

  @Test
  void each_finds_the_other_by_mdns() throws Exception {
    try (Mdns mdns = new Mdns(host.id(), host::addresses, Clock.system(), new SecureRandom());
        Discoveries discoveries = mdns.subscribe();
        JsPeer js = new JsPeer("--discover")) {
      assertTrue(js.event("discovered " + host.id()).contains("/tcp/"));
      while (!discoveries.take().orElseThrow().peer().toString().equals(js.id())) {
        // Another peer of this network.
      }
    }
  }
}
