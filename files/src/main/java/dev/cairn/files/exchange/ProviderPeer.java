package dev.cairn.files.exchange;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.List;

/// A peer that is said to have a block, and where to dial it.
///
/// @param addresses may be empty where the peerstore knows some or the peer is connected
public record ProviderPeer(PeerId peer, List<Multiaddr> addresses) {

  public ProviderPeer {
    addresses = List.copyOf(addresses);
  }
}
