package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Which of a peer's addresses can mean anything here. A loopback address told by a peer on another
/// computer would lead to ourselves, an unspecified one nowhere.
final class AddressScope {

  private AddressScope() {}

  /// The addresses of use to someone who has reached the peer at `remote`, as many as are kept.
  static List<Multiaddr> within(List<Multiaddr> addresses, Multiaddr remote) {
    boolean sameComputer = ip(remote).map(InetAddress::isLoopbackAddress).orElse(true);
    return addresses.stream()
        .filter(address -> !AdvertisedAddresses.isUnspecified(address))
        .filter(
            address ->
                sameComputer || !ip(address).map(InetAddress::isLoopbackAddress).orElse(false))
        .distinct()
        .limit(Peerstore.ADDRESSES_MAX)
        .toList();
  }

  private static Optional<InetAddress> ip(Multiaddr address) {
    return address
        .value(Protocol.IP4)
        .or(() -> address.value(Protocol.IP6))
        .map(InetAddress::ofLiteral);
  }
}
