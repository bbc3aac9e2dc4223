package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;

/// A connected peer. Mutable; owned by its [Links].
final class Link {

  /// Why this node dialled.
  enum Purpose {
    /// It did not, or another part of the node did.
    NONE,
    /// To have a peer.
    OUTBOUND,
    /// To see whether there is one.
    FEELER,
    /// Because the operator says so.
    NAMED
  }

  final PeerId peer;
  final boolean outbound;
  final Multiaddr remote;
  final Neighbourhood place;
  final long sinceNanos;
  Purpose purpose;
  boolean ours;
  boolean exchanges;

  /// Whether it holds one of the places for outbound peers.
  boolean chosen;

  /// Whether this node has asked to close it.
  boolean leaving;

  Link(DiscoveryInput.Up up, Purpose purpose, long sinceNanos) {
    this.peer = up.peer();
    this.outbound = up.outbound();
    this.remote = up.remote();
    this.purpose = purpose;
    this.sinceNanos = sinceNanos;
    String own = remote.toString();
    this.place =
        Neighbourhood.of(remote)
            .orElseGet(() -> new Neighbourhood(own, own, Neighbourhood.Reach.COMPUTER));
  }

  /// Whether this node dialled to have or to try a peer.
  boolean dialled() {
    return purpose == Purpose.OUTBOUND || purpose == Purpose.FEELER;
  }
}
