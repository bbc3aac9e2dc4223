package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.limits.AddressGroup;
import java.util.List;

/// A peer of the routing table. Owner: its [RoutingTable].
final class Contact {

  PeerAddresses peer;

  /// The networks that it counts for.
  List<AddressGroup> networks;

  long seenNanos;

  /// Requests in a row that it left unanswered.
  int failures;

  Contact(PeerAddresses peer, List<AddressGroup> networks, long seenNanos) {
    this.peer = peer;
    this.networks = networks;
    this.seenNanos = seenNanos;
  }
}
