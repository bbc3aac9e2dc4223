package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.limits.AddressGroup;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.util.Optional;

/// From how far an address can mean anything. A loopback address that a peer on another computer
/// tells of leads to ourselves, a private one that comes from the internet to some machine of our
/// own network: neither is told nor followed.
enum Reach {
  LOOPBACK,
  PRIVATE,
  PUBLIC;

  private static final int GROUP_TO_NETWORK_BITS = 8;
  private static final int V6_BITS = 56;

  static Reach of(Multiaddr address) {
    Optional<AddressGroup> group = AddressGroup.of(address, false);
    if (group.isEmpty()) {
      return address.has(Protocol.MEMORY) ? LOOPBACK : PUBLIC;
    }
    return of(group.get());
  }

  private static Reach of(AddressGroup group) {
    long prefix = group.prefix();
    if (group.v6()) {
      long first = prefix >>> (V6_BITS - 16);
      if (prefix == 0) {
        return LOOPBACK;
      }
      boolean uniqueLocal = (first & 0xFE00) == 0xFC00;
      boolean linkLocal = (first & 0xFFC0) == 0xFE80;
      return uniqueLocal || linkLocal ? PRIVATE : PUBLIC;
    }
    int first = (int) (prefix >>> 24);
    int two = (int) (prefix >>> 16);
    if (first == 127 || first == 0) {
      return LOOPBACK;
    }
    boolean isPrivate =
        first == 10
            || two == 0xC0A8
            || two == 0xA9FE
            || (two & 0xFFF0) == 0xAC10
            || (two & 0xFFC0) == 0x6440;
    return isPrivate ? PRIVATE : PUBLIC;
  }

  /// How far away the other end of a connection is; next door when it is not known.
  static Reach of(Optional<Multiaddr> remote) {
    return remote.map(Reach::of).orElse(LOOPBACK);
  }

  /// The network of an address (IPv4 /24, IPv6 /48) by which peers are counted; empty for one that
  /// is not counted.
  static Optional<AddressGroup> network(
      Multiaddr address, boolean exemptLoopback, boolean exemptPrivate) {
    Optional<AddressGroup> group = AddressGroup.of(address, false);
    if (group.isEmpty()) {
      return group;
    }
    boolean exempt =
        switch (of(group.get())) {
          case LOOPBACK -> exemptLoopback;
          case PRIVATE -> exemptPrivate;
          case PUBLIC -> false;
        };
    return exempt
        ? Optional.empty()
        : Optional.of(
            new AddressGroup(group.get().v6(), group.get().prefix() >>> GROUP_TO_NETWORK_BITS));
  }
}
