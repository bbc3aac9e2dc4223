package dev.cairn.libp2p.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerRecordsTest {

  private static final String NAME = "a".repeat(40);
  private static final PeerId PEER = Identity.of(Ed25519Key.fromSeed(new byte[32])).id();
  private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");

  private static DnsMessage text(String name, String... strings) {
    return new DnsMessage(
        true, List.of(), List.of(), List.of(new DnsMessage.Text(name, 120, List.of(strings))));
  }

  @Test
  void an_answer_names_the_peer_with_its_addresses() {
    DnsMessage answer = PeerRecords.answer(NAME, PEER, List.of(ADDRESS));
    byte[] wire = answer.encode();
    assertEquals(
        List.of(new DiscoveredPeer(PEER, List.of(ADDRESS))),
        PeerRecords.peers(DnsMessage.decode(wire, wire.length)));
  }

  @Test
  void an_answer_puts_the_text_among_the_additional_records() {
    DnsMessage answer = PeerRecords.answer(NAME, PEER, List.of(ADDRESS));
    assertEquals(1, answer.answers().size());
    assertEquals(1, answer.additionals().size());
  }

  @Test
  void an_answer_fits_into_one_datagram_whatever_the_number_of_addresses() {
    List<Multiaddr> many = Collections.nCopies(100, ADDRESS);
    byte[] wire = PeerRecords.answer(NAME, PEER, many).encode();
    assertTrue(wire.length <= 1_472, wire.length + " bytes");
  }

  @Test
  void leaves_out_what_does_not_fit_into_255_bytes() {
    Multiaddr big = Multiaddr.parse("/dns4/" + "a".repeat(230) + "/tcp/1");
    DnsMessage answer = PeerRecords.answer(NAME, PEER, List.of(big, ADDRESS));
    assertEquals(List.of(ADDRESS), PeerRecords.peers(answer).getFirst().addresses());
  }

  @Test
  void only_text_under_the_service_counts() {
    String entry = "dnsaddr=" + ADDRESS + "/p2p/" + PEER;
    assertEquals(1, PeerRecords.peers(text("x." + PeerRecords.SERVICE, entry)).size());
    assertEquals(0, PeerRecords.peers(text("x._http._tcp.local", entry)).size());
    assertEquals(0, PeerRecords.peers(text("x." + PeerRecords.SERVICE, "txtvers=1")).size());
    assertEquals(
        0, PeerRecords.peers(text("x." + PeerRecords.SERVICE, "dnsaddr=" + ADDRESS)).size());
    assertEquals(
        0, PeerRecords.peers(text("x." + PeerRecords.SERVICE, "dnsaddr=/rub/bish")).size());
  }

  @Test
  void takes_a_bounded_number_of_peers_and_addresses() {
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] seed = new byte[32];
      seed[0] = (byte) i;
      PeerId peer = Identity.of(Ed25519Key.fromSeed(seed)).id();
      strings.add("dnsaddr=" + ADDRESS + "/p2p/" + peer);
    }
    for (int i = 0; i < 50; i++) {
      strings.add("dnsaddr=/ip4/10.0.0." + i + "/tcp/1/p2p/" + PEER);
    }
    List<DiscoveredPeer> peers =
        PeerRecords.peers(text("x." + PeerRecords.SERVICE, strings.toArray(String[]::new)));
    assertEquals(PeerRecords.PEERS_MAX, peers.size());
    assertEquals(PeerRecords.ADDRESSES_MAX, peers.getFirst().addresses().size());
  }

  @Test
  void knows_the_questions_that_it_answers() {
    assertTrue(PeerRecords.asksForPeers(PeerRecords.query(), NAME));
    assertFalse(PeerRecords.asksForServices(PeerRecords.query()));
    assertFalse(PeerRecords.asksForPeers(PeerRecords.answer(NAME, PEER, List.of(ADDRESS)), NAME));
  }
}
