package dev.cairn.libp2p.upgrade;

import java.time.Duration;

/// The limits of one connection, from the raw link to its streams.
///
/// @param timeout the longest that a whole upgrade takes, from the link to the muxer
/// @param keepAlive silence after which a ping is sent; twice that with no answer ends the
///   connection
/// @param writeStall the longest that one batch (at most 128 KiB) takes to leave
/// @param windowBytesMax how far the window of one stream grows; at least 262,144
/// @param windowBytesBudget how far the windows of all streams of a connection grow in all, beyond
///   the first 262,144 of each
/// @param bufferedBytesMax the bytes that wait on one connection to be read by its streams' owners;
///   a stream whose data goes beyond is reset
/// @param unacknowledgedMax the streams that one side has opened and the other not yet taken
public record UpgradeParams(
    Duration timeout,
    Duration keepAlive,
    Duration writeStall,
    int windowBytesMax,
    int windowBytesBudget,
    int bufferedBytesMax,
    int unacknowledgedMax) {

  /// The window of a stream at its start, fixed by yamux.
  public static final int WINDOW_BYTES_FIRST = 262_144;

  public UpgradeParams {
    if (windowBytesMax < WINDOW_BYTES_FIRST || unacknowledgedMax < 1) {
      throw new IllegalArgumentException("a window of at least 262,144 and one stream are needed");
    }
  }

  public static UpgradeParams defaults() {
    return new UpgradeParams(
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        16 << 20,
        32 << 20,
        64 << 20,
        256);
  }

  /// The same with what one connection may hold in memory bounded, for a heap that all connections
  /// share: half of it for windows that grow.
  ///
  /// @param bytes at least the first window of one stream
  public UpgradeParams within(long bytes) {
    if (bytes < WINDOW_BYTES_FIRST) {
      throw new IllegalArgumentException("a connection needs one window, not " + bytes + " bytes");
    }
    int most = (int) Math.min(bufferedBytesMax, bytes);
    return new UpgradeParams(
        timeout,
        keepAlive,
        writeStall,
        Math.min(windowBytesMax, Math.max(WINDOW_BYTES_FIRST, most / 2)),
        Math.min(windowBytesBudget, most / 2),
        most,
        unacknowledgedMax);
  }
}
