package dev.cairn.libp2p.upgrade;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;

/// A link whose far end has proved its peer id, encrypted and split into streams.
public interface Connection extends AutoCloseable {

  PeerId remotePeer();

  PublicKey remoteKey();

  Multiaddr local();

  Multiaddr remote();

  /// Whether we dialed.
  boolean outbound();

  /// Opens a stream. Nothing is sent until its first byte, or until its first read has to wait.
  ///
  /// @throws IOException when the connection has ended, or the peer leaves too many streams
  ///   unacknowledged for too long
  MuxedStream open() throws IOException;

  /// Waits for the next stream that the peer opens.
  ///
  /// @throws java.io.EOFException when the connection was closed by either side
  /// @throws IOException when it ended in any other way
  MuxedStream accept() throws IOException;

  /// Measures a round trip.
  ///
  /// @throws IOException when the connection has ended or the peer does not answer in time
  Duration ping() throws IOException;

  boolean closed();

  /// Ends the connection and all its streams: what was written goes out first, for a short while,
  /// in the background. Safe to call twice.
  @Override
  void close();
}
