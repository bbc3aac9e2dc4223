package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.secure.Chunks;

/// The pools that the yamux sessions of one host share. Safe from any thread.
///
/// @param received what streams have received and their owners not yet read
/// @param sending what streams that write much have still to send, one buffer for each such stream
public record YamuxBuffers(Chunks received, Chunks sending) {

  private static final int SENDING_BYTES = 1 << 20;
  private static final int SENDING_MAX = 16;

  /// @param received the pool of the secure links, which hand over whole buffers of it
  public static YamuxBuffers of(Chunks received) {
    return new YamuxBuffers(received, new Chunks(SENDING_BYTES, SENDING_MAX));
  }
}
