package dev.cairn.core.sync;

import java.time.Duration;

/// The limits and times of syncing.
///
/// @param rangeBlocks blocks asked for in one request, at most [RangeRequest#COUNT_MAX]
/// @param requestsPerPeerMax requests that one peer answers at a time
/// @param windowBlocks how far above the final height blocks are requested and kept
/// @param bufferBytesMax bytes of verified blocks that may wait for those below them
/// @param requestTimeout when a request that has brought nothing is given to another peer
/// @param hedgeAfter when an idle peer is asked too for the range that all others wait for
/// @param backoffMin how long a peer that failed is not asked; doubles with each failure in a row
/// @param backoffMax the longest such time
/// @param gapGrace how long gossip is given to bring a missing block before it is requested
public record SyncParams(
    int rangeBlocks,
    int requestsPerPeerMax,
    int windowBlocks,
    long bufferBytesMax,
    Duration requestTimeout,
    Duration hedgeAfter,
    Duration backoffMin,
    Duration backoffMax,
    Duration gapGrace) {

  public SyncParams {
    if (rangeBlocks < 1 || rangeBlocks > RangeRequest.COUNT_MAX || windowBlocks < rangeBlocks) {
      throw new IllegalArgumentException("ranges of " + rangeBlocks + " in " + windowBlocks);
    }
  }

  /// Values for a real network.
  public static SyncParams standard() {
    return new SyncParams(
        RangeRequest.COUNT_MAX,
        2,
        16 * RangeRequest.COUNT_MAX,
        64L << 20,
        Duration.ofSeconds(8),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        Duration.ofMillis(100));
  }
}
