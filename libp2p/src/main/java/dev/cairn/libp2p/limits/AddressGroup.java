package dev.cairn.libp2p.limits;

import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.net.InetAddress;
import java.util.Optional;

/// Connections that count as coming from one place: an IPv4 address, or the IPv6 /56 that one
/// customer of a provider commonly has. An IPv4 address written in IPv6 counts as IPv4.
///
/// @param v6 whether `prefix` is the upper part of an IPv6 address
public record AddressGroup(boolean v6, long prefix) {

  private static final int V6_PREFIX_BITS = 56;

  /// The group of an address; empty for one without an IP, and for loopback where that is exempt.
  public static Optional<AddressGroup> of(Multiaddr address, boolean exemptLoopback) {
    Optional<String> ip = address.value(Protocol.IP4).or(() -> address.value(Protocol.IP6));
    if (ip.isEmpty()) {
      return Optional.empty();
    }
    InetAddress parsed;
    try {
      parsed = InetAddress.ofLiteral(ip.get());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return exemptLoopback && parsed.isLoopbackAddress()
        ? Optional.empty()
        : Optional.of(of(parsed));
  }

  static AddressGroup of(InetAddress address) {
    byte[] bytes = address.getAddress();
    long value = 0;
    for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
      value = value << 8 | (bytes[i] & 0xFF);
    }
    boolean v6 = bytes.length > 4;
    return new AddressGroup(v6, v6 ? value >>> (Long.SIZE - V6_PREFIX_BITS) : value);
  }
}
