package dev.cairn.node.config;

import dev.cairn.node.dht.NodeDht;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/// How a node finds peers.
///
/// @param dns the DNS server for names of peers; empty for the system's
/// @param dht the part in the DHT; empty for none
/// @param dhtPublic whether to look in the public DHT too
/// @param outbound peers to dial of the node's own choice
public record NetworkConfig(
    boolean peerExchange,
    Optional<InetSocketAddress> dns,
    int outbound,
    Optional<NodeDht.Part> dht,
    boolean dhtPublic) {

  private static final int DNS_PORT = 53;
  private static final int OUTBOUND_MAX = 64;

  static NetworkConfig of(Settings settings) {
    return new NetworkConfig(
        settings.flag(Setting.PEER_EXCHANGE),
        dns(settings),
        settings.number(Setting.PEERS_OUTBOUND, 1, OUTBOUND_MAX),
        dht(settings),
        settings.flag(Setting.DHT_PUBLIC));
  }

  private static Optional<NodeDht.Part> dht(Settings settings) {
    return switch (settings.text(Setting.DHT)) {
      case "auto" -> Optional.of(NodeDht.Part.AUTO);
      case "server" -> Optional.of(NodeDht.Part.SERVER);
      case "client" -> Optional.of(NodeDht.Part.CLIENT);
      case "off" -> Optional.empty();
      default -> throw settings.fault(Setting.DHT, "must be auto, server, client or off");
    };
  }

  private static Optional<InetSocketAddress> dns(Settings settings) {
    String text = settings.text(Setting.DNS).strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int bracket = text.indexOf(']');
    int colon = text.indexOf(':', Math.max(0, bracket));
    boolean bareV6 = bracket < 0 && text.indexOf(':') != text.lastIndexOf(':');
    boolean port = colon >= 0 && !bareV6;
    String host = (port ? text.substring(0, colon) : text).replaceAll("[\\[\\]]", "");
    try {
      int number = port ? Integer.parseInt(text.substring(colon + 1)) : DNS_PORT;
      return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(host), number));
    } catch (IllegalArgumentException e) {
      throw settings.fault(Setting.DNS, "must be an IP address, with a port or without");
    }
  }
}
