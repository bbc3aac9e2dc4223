package dev.cairn.libp2p.swarm;

import dev.cairn.libp2p.upgrade.MuxedStream;

/// Whom a swarm tells of its connections. For one peer the calls alternate between connected and
/// disconnected and come in order; they must not block.
public interface SwarmOwner {

  /// The connection is now the one to use for its peer.
  void connected(PeerConnection connection);

  /// The connection is no longer the one to use: it has ended, or another took its place.
  void disconnected(PeerConnection connection);

  /// A stream that the peer opened. Called on the connection's accepting thread.
  void stream(PeerConnection connection, MuxedStream stream);
}
