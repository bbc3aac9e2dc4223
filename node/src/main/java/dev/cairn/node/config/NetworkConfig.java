package dev.cairn.node.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/// How a node finds peers.
///
/// @param dns the DNS server for names of peers; empty for the system's
/// @param outbound peers to dial of the node's own choice
public record NetworkConfig(boolean peerExchange, Optional<InetSocketAddress> dns, int outbound) {

  private static final int DNS_PORT = 53;
  private static final int OUTBOUND_MAX = 64;

  static NetworkConfig of(Settings settings) {
    return new NetworkConfig(
        settings.flag(Setting.PEER_EXCHANGE),
        dns(settings),
        settings.number(Setting.PEERS_OUTBOUND, 1, OUTBOUND_MAX));
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
