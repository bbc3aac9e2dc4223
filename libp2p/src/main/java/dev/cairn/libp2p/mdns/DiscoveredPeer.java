package dev.cairn.libp2p.mdns;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.List;

/// A peer that someone on the local network has named. Nothing of it is proven until it is dialled.
///
/// @param addresses without `/p2p`
public record DiscoveredPeer(PeerId peer, List<Multiaddr> addresses) {
  public DiscoveredPeer {
    addresses = List.copyOf(addresses);
  }
}
