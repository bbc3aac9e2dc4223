package dev.cairn.libp2p.host;

import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What a host tells others of where it listens: an unspecified address becomes the addresses of
/// this computer's interfaces, because no one can dial 0.0.0.0. Where the operator says what to
/// tell, that alone is told.
final class AdvertisedAddresses {

  private final List<Multiaddr> announce;
  private final Supplier<List<Multiaddr>> listening;
  private final Supplier<List<InetAddress>> interfaces;
  private final ObservedAddresses observed;

  /// @param announce what the operator says; empty to find out
  AdvertisedAddresses(
      List<Multiaddr> announce,
      Supplier<List<Multiaddr>> listening,
      Supplier<List<InetAddress>> interfaces,
      ObservedAddresses observed) {
    this.announce = announce;
    this.listening = listening;
    this.interfaces = interfaces;
    this.observed = observed;
  }

  List<Multiaddr> get() {
    if (!announce.isEmpty()) {
      return announce;
    }
    Set<Multiaddr> addresses = new LinkedHashSet<>();
    for (Multiaddr address : listening.get()) {
      if (isUnspecified(address)) {
        addresses.addAll(expand(address));
      } else {
        addresses.add(address);
      }
    }
    addresses.addAll(observed.confirmed());
    return List.copyOf(addresses);
  }

  static boolean isUnspecified(Multiaddr address) {
    return ip(address).isAnyLocalAddress();
  }

  /// The address's IP; loopback for one without, which is never unspecified.
  private static InetAddress ip(Multiaddr address) {
    return address
        .value(Protocol.IP4)
        .or(() -> address.value(Protocol.IP6))
        .map(InetAddress::ofLiteral)
        .orElse(InetAddress.getLoopbackAddress());
  }

  private List<Multiaddr> expand(Multiaddr unspecified) {
    boolean v4 = ip(unspecified) instanceof Inet4Address;
    List<Multiaddr.Component> rest =
        unspecified.components().subList(1, unspecified.components().size());
    return interfaces.get().stream()
        .filter(address -> address instanceof Inet4Address == v4)
        .filter(address -> !address.isLinkLocalAddress() && !address.isAnyLocalAddress())
        .map(address -> withAddress(address, rest))
        .toList();
  }

  private static Multiaddr withAddress(InetAddress address, List<Multiaddr.Component> rest) {
    String ip = address.getHostAddress();
    int zone = ip.indexOf('%');
    StringBuilder text =
        new StringBuilder(address instanceof Inet4Address ? "/ip4/" : "/ip6/")
            .append(zone < 0 ? ip : ip.substring(0, zone));
    for (Multiaddr.Component component : rest) {
      text.append('/').append(component.protocol());
      if (!component.value().isEmpty()) {
        text.append('/').append(component.value());
      }
    }
    return Multiaddr.parse(text.toString());
  }
}
