package dev.cairn.node.discovery;

import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.net.InetAddress;
import java.util.Optional;

/// Where an address lies, coarsely: what one party commonly holds many addresses of.
///
/// @param net the IPv4 /24 or IPv6 /56 of a public address; an address that is not public is a net
///   of its own, since many peers of one household share it
/// @param region the IPv4 /16 or IPv6 /32 of a public address, else as `net`
/// @param reach from where the address can be dialled
public record Neighbourhood(String net, String region, Reach reach) {

  /// From where an address can be dialled, the narrowest first.
  public enum Reach {
    COMPUTER,
    SITE,
    INTERNET
  }

  private static final int V4_NET_BYTES = 3;
  private static final int V4_REGION_BYTES = 2;
  private static final int V6_NET_BYTES = 7;
  private static final int V6_REGION_BYTES = 4;

  /// The place of an address with an IP; empty for a name, and for what no one can dial.
  public static Optional<Neighbourhood> of(Multiaddr address) {
    Optional<String> ip = address.value(Protocol.IP4).or(() -> address.value(Protocol.IP6));
    if (ip.isEmpty() || address.has(Protocol.P2P_CIRCUIT)) {
      return Optional.empty();
    }
    InetAddress parsed = InetAddress.ofLiteral(ip.get());
    if (parsed.isAnyLocalAddress() || parsed.isMulticastAddress()) {
      return Optional.empty();
    }
    Reach reach = reach(parsed);
    byte[] bytes = parsed.getAddress();
    if (reach != Reach.INTERNET) {
      String own = ip.get() + address.value(Protocol.TCP).map(port -> ":" + port).orElse("");
      return Optional.of(new Neighbourhood(own, own, reach));
    }
    boolean v4 = bytes.length == 4;
    return Optional.of(
        new Neighbourhood(
            prefix(bytes, v4 ? V4_NET_BYTES : V6_NET_BYTES),
            prefix(bytes, v4 ? V4_REGION_BYTES : V6_REGION_BYTES),
            reach));
  }

  private static Reach reach(InetAddress ip) {
    if (ip.isLoopbackAddress()) {
      return Reach.COMPUTER;
    }
    byte[] bytes = ip.getAddress();
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
    // 100.64.0.0/10 is what a provider hands out behind its own translation (RFC 6598).
    boolean carrier = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 0x40;
    boolean site = ip.isSiteLocalAddress() || ip.isLinkLocalAddress() || uniqueLocal || carrier;
    return site ? Reach.SITE : Reach.INTERNET;
  }

  private static String prefix(byte[] ip, int bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      if (ip.length == 4) {
        text.append(i == 0 ? "" : ".").append(ip[i] & 0xFF);
      } else {
        text.append(i > 0 && i % 2 == 0 ? ":" : "").append("%02x".formatted(ip[i] & 0xFF));
      }
    }
    return text.append('/').append(8 * bytes).toString();
  }

  /// Whether no limit on peers of one place holds here: the peers of a household or a computer.
  public boolean local() {
    return reach != Reach.INTERNET;
  }

  /// Whether someone who is here can know an address of that place: a peer on the internet that
  /// names an address of a private network names one that means another computer here.
  boolean canTell(Neighbourhood other) {
    return other.reach.compareTo(reach) >= 0;
  }
}
