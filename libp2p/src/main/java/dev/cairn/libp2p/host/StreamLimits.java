package dev.cairn.libp2p.host;

/// How many inbound streams of one protocol may be open at once. A stream over a limit is reset,
/// unless a place is free within a tenth of a second.
///
/// @param perPeer open streams from one peer
/// @param total open streams from all peers
public record StreamLimits(int perPeer, int total) {

  /// For protocols that do not say: 16 streams a peer, 512 in all.
  public static final StreamLimits STANDARD = new StreamLimits(16, 512);

  public StreamLimits {
    if (perPeer < 1 || total < 1) {
      throw new IllegalArgumentException("stream limits of " + perPeer + " and " + total);
    }
  }
}
