package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.upgrade.MuxedStream;
import java.time.Duration;

/// A stream on which both ends have agreed on a protocol.
public interface Stream extends MuxedStream {

  /// The peer at the other end, as its key proved it.
  PeerId peer();

  String protocol();

  /// Whether the other peer opened the stream.
  boolean inbound();

  /// Resets the stream if it is still open after `max` from now, whatever it is doing then: reads
  /// and writes that block throw [java.io.IOException]. A later call replaces an earlier one.
  void expire(Duration max);
}
