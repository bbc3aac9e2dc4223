package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.secure.Chunks;

/// The pools that the yamux sessions of one host share. Safe from any thread.
///
/// @param received what streams have received and their owners not yet read
/// @param sending what streams that write much have still to send, one buffer for each such stream
public record YamuxBuffers(Chunks received, Chunks sending) {

  private static final int RECEIVED_BYTES = 64 << 10;
  private static final int RECEIVED_KEPT_MAX = 128;
  private static final int SENDING_BYTES = 1 << 20;
  private static final int SENDING_MAX = 16;

  /// Pools of the usual sizes, with nothing in them yet.
  public static YamuxBuffers create() {
    return new YamuxBuffers(
        new Chunks(RECEIVED_BYTES, RECEIVED_KEPT_MAX), new Chunks(SENDING_BYTES, SENDING_MAX));
  }
}
