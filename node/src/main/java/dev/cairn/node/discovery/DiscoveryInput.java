package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.List;
import java.util.Optional;

/// What the discovery machine is told.
public sealed interface DiscoveryInput {

  /// The node is up; candidates of earlier runs may be dialled.
  record Started() implements DiscoveryInput {}

  /// Peers were named.
  ///
  /// @param teller the peer that named them; empty for a source that is no peer
  record Found(Source source, Optional<PeerId> teller, List<Told> peers) implements DiscoveryInput {
    public Found {
      peers = List.copyOf(peers);
    }
  }

  /// A peer is connected and identified.
  ///
  /// @param remote the other end of the connection
  /// @param self what the peer says of itself
  /// @param ours whether it serves this chain
  /// @param exchanges whether it answers who else there is
  record Up(
      PeerId peer, boolean outbound, Multiaddr remote, Told self, boolean ours, boolean exchanges)
      implements DiscoveryInput {}

  /// A connected peer now serves other protocols.
  record Changed(PeerId peer, Told self, boolean ours, boolean exchanges)
      implements DiscoveryInput {}

  /// A peer's connection is gone.
  record Gone(PeerId peer) implements DiscoveryInput {}

  /// A [DiscoveryEffect.Dial] came to nothing.
  record DialFailed(PeerId peer) implements DiscoveryInput {}

  /// A [DiscoveryEffect.DialNamed] led to this peer.
  record NamedUp(int index, PeerId peer) implements DiscoveryInput {}

  /// A [DiscoveryEffect.DialNamed] came to nothing.
  record NamedFailed(int index) implements DiscoveryInput {}

  /// A [DiscoveryEffect.DialNamed] named a list rather than a peer; its peers come as [Found].
  record NamedList(int index) implements DiscoveryInput {}

  /// A peer handed on what no honest peer hands on.
  record Forged(PeerId peer, String what) implements DiscoveryInput {}
}
