package dev.cairn.libp2p.host;

import java.util.Optional;

/// A subscription to [PeerEvent]s. It begins with a [PeerEvent.Connected] for each peer connected
/// at its start.
///
/// A subscriber that falls behind loses nothing that still holds: events of one peer that wait are
/// merged (connected and gone again: neither is told), so that what waits is bounded by the number
/// of connections. For each peer, [PeerEvent.Connected] and [PeerEvent.Disconnected] alternate.
public interface PeerEvents extends AutoCloseable {

  /// Waits for the next event; empty once the subscription or the host is closed.
  Optional<PeerEvent> take() throws InterruptedException;

  @Override
  void close();
}
