package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import java.util.List;

/// A change in whom this host is connected to.
public sealed interface PeerEvent {

  PeerId peer();

  /// A connection is up and identify is done (or has failed: then `protocols` is empty).
  record Connected(PeerId peer, boolean outbound, List<String> protocols) implements PeerEvent {
    public Connected {
      protocols = List.copyOf(protocols);
    }
  }

  /// The connection that [Connected] told of is gone, with all its streams. When another took its
  /// place, a new [Connected] follows.
  record Disconnected(PeerId peer) implements PeerEvent {}

  /// A connected peer now serves these protocols.
  record ProtocolsChanged(PeerId peer, List<String> protocols) implements PeerEvent {
    public ProtocolsChanged {
      protocols = List.copyOf(protocols);
    }
  }
}
