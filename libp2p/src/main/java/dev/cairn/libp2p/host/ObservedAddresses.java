package dev.cairn.libp2p.host;

import dev.cairn.libp2p.limits.AddressGroup;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Where others say that they reached us. An address counts once [#OBSERVERS_MIN] peers in
/// different places have named it, because any one of them may lie.
///
/// Only inbound connections tell: what a peer dialled is an address of ours, while on connections
/// that we dialled it sees a port of the moment. Guarded by its own lock.
final class ObservedAddresses {

  static final int OBSERVERS_MIN = 4;
  static final int ADDRESSES_MAX = 64;
  static final int OBSERVERS_MAX = 16;
  static final int ADVERTISED_MAX = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Multiaddr, Set<AddressGroup>> observers =
      new LinkedHashMap<>(16, 0.75f, true);

  /// Takes note of what a peer has told.
  ///
  /// @param observer the peer's end of the connection
  /// @param observed our end as the peer sees it
  void add(Multiaddr observer, Multiaddr observed) {
    if (!isPublic(observed)) {
      return;
    }
    AddressGroup.of(observer, false).ifPresent(group -> add(group, observed));
  }

  private void add(AddressGroup group, Multiaddr observed) {
    lock.lock();
    try {
      Set<AddressGroup> groups = observers.computeIfAbsent(observed, a -> new HashSet<>());
      if (groups.size() < OBSERVERS_MAX) {
        groups.add(group);
      }
      while (observers.size() > ADDRESSES_MAX) {
        observers.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Loopback, private and link-local addresses are known from our own interfaces or are of no use
  /// to others.
  private static boolean isPublic(Multiaddr address) {
    return address
        .value(Protocol.IP4)
        .or(() -> address.value(Protocol.IP6))
        .map(InetAddress::ofLiteral)
        .filter(ip -> !ip.isAnyLocalAddress() && !ip.isLoopbackAddress())
        .filter(ip -> !ip.isSiteLocalAddress() && !ip.isLinkLocalAddress())
        .filter(ip -> !ip.isMulticastAddress())
        .isPresent();
  }

  /// The addresses that enough peers have named, the one named by most first.
  List<Multiaddr> confirmed() {
    lock.lock();
    try {
      return observers.entrySet().stream()
          .filter(entry -> entry.getValue().size() >= OBSERVERS_MIN)
          .sorted((a, b) -> Integer.compare(b.getValue().size(), a.getValue().size()))
          .limit(ADVERTISED_MAX)
          .map(Map.Entry::getKey)
          .toList();
    } finally {
      lock.unlock();
    }
  }
}
