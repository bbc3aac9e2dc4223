package dev.cairn.libp2p.mdns;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What libp2p puts into DNS messages (libp2p discovery/mdns).
final class PeerRecords {

  /// The service that all libp2p peers share.
  static final String SERVICE = "_p2p._udp.local";

  /// Where DNS-SD browsers ask which services there are (RFC 6763, section 9).
  static final String SERVICES = "_services._dns-sd._udp.local";

  private static final String DNSADDR = "dnsaddr=";
  private static final int TTL_SECONDS = 120;

  /// Addresses told and taken at once; they fit into one datagram of an Ethernet.
  static final int ADDRESSES_MAX = 12;

  /// Peers taken from one message, whatever it claims.
  static final int PEERS_MAX = 32;

  private PeerRecords() {}

  static DnsMessage query() {
    DnsMessage.Question question = new DnsMessage.Question(SERVICE, DnsMessage.TYPE_PTR);
    return new DnsMessage(false, List.of(question), List.of(), List.of());
  }

  /// Whether the message asks for all peers, or for the one that goes by the name.
  static boolean asksForPeers(DnsMessage message, String name) {
    return asks(message, SERVICE, DnsMessage.TYPE_PTR)
        || asks(message, instance(name), DnsMessage.TYPE_TXT);
  }

  static boolean asksForServices(DnsMessage message) {
    return asks(message, SERVICES, DnsMessage.TYPE_PTR);
  }

  private static String instance(String name) {
    return name + "." + SERVICE;
  }

  private static boolean asks(DnsMessage message, String name, int type) {
    return !message.response()
        && message.questions().stream()
            .anyMatch(
                question ->
                    question.name().equals(name)
                        && (question.type() == type || question.type() == DnsMessage.TYPE_ANY));
  }

  static DnsMessage services() {
    DnsMessage.Item pointer = new DnsMessage.Pointer(SERVICES, TTL_SECONDS, SERVICE);
    return new DnsMessage(true, List.of(), List.of(pointer), List.of());
  }

  /// The answer that names this peer: the pointer, and the addresses among the additional records,
  /// which is the only place where rust-libp2p looks for them.
  ///
  /// @param name this peer's random name, one label of 32 to 63 characters
  /// @param addresses without `/p2p`; those that do not fit are left out
  static DnsMessage answer(String name, PeerId peer, List<Multiaddr> addresses) {
    List<String> strings =
        addresses.stream()
            .map(address -> DNSADDR + address + "/p2p/" + peer)
            .filter(text -> bytes(text) <= DnsMessage.STRING_BYTES_MAX)
            .limit(ADDRESSES_MAX)
            .toList();
    return new DnsMessage(
        true,
        List.of(),
        List.of(new DnsMessage.Pointer(SERVICE, TTL_SECONDS, instance(name))),
        List.of(new DnsMessage.Text(instance(name), TTL_SECONDS, strings)));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// The peers that an answer names. Only TXT records under the service count, as the specification
  /// says; entries that are no address with a peer id are passed over.
  static List<DiscoveredPeer> peers(DnsMessage message) {
    if (!message.response()) {
      return List.of();
    }
    Map<PeerId, List<Multiaddr>> found = new LinkedHashMap<>();
    List<DnsMessage.Item> records = new ArrayList<>(message.answers());
    records.addAll(message.additionals());
    for (DnsMessage.Item item : records) {
      if (item instanceof DnsMessage.Text text && text.name().endsWith("." + SERVICE)) {
        text.strings().forEach(string -> take(string, found));
      }
    }
    List<DiscoveredPeer> peers = new ArrayList<>();
    found.forEach((peer, addresses) -> peers.add(new DiscoveredPeer(peer, addresses)));
    return peers;
  }

  private static void take(String string, Map<PeerId, List<Multiaddr>> found) {
    if (!string.startsWith(DNSADDR)) {
      return;
    }
    try {
      Multiaddr address = Multiaddr.parse(string.substring(DNSADDR.length()));
      Optional<String> peer = address.value(Protocol.P2P);
      Optional<Multiaddr> bare = address.decapsulate(Protocol.P2P);
      if (peer.isEmpty() || bare.isEmpty()) {
        return;
      }
      PeerId id = PeerId.parse(peer.get());
      if (found.containsKey(id) || found.size() < PEERS_MAX) {
        List<Multiaddr> addresses = found.computeIfAbsent(id, p -> new ArrayList<>());
        if (addresses.size() < ADDRESSES_MAX) {
          addresses.add(bare.get());
        }
      }
    } catch (MalformedException e) {
      // Another stack's address in a protocol unknown here, or rubbish: no harm in either.
    }
  }
}
