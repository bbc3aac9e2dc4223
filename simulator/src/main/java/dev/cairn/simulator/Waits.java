package dev.cairn.simulator;

import dev.cairn.core.consensus.simplex.SimplexTiming;
import dev.cairn.core.mempool.MempoolParams;
import dev.cairn.core.peer.PeerParams;
import dev.cairn.core.sync.SyncParams;
import java.time.Duration;

/// How long simulated nodes wait: less than real ones, so that a seed takes a minute of virtual
/// time. All limits that are not times are those of real nodes.
final class Waits {

  private static final SyncParams SYNC = SyncParams.standard();

  static final PeerParams PEER =
      new PeerParams(
          Duration.ofMillis(5),
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          MempoolParams.defaults(),
          new SyncParams(
              SYNC.rangeBlocks(),
              SYNC.requestsPerPeerMax(),
              SYNC.windowBlocks(),
              SYNC.bufferBytesMax(),
              Duration.ofSeconds(1),
              Duration.ofMillis(300),
              Duration.ofMillis(200),
              Duration.ofSeconds(4),
              Duration.ofMillis(100)));

  static final SimplexTiming SIMPLEX = new SimplexTiming(500, 250, 60, 5, 2_000);

  private Waits() {}
}
