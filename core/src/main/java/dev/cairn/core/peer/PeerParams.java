package dev.cairn.core.peer;

import dev.cairn.core.mempool.MempoolParams;
import dev.cairn.core.sync.SyncParams;
import java.time.Duration;

/// The limits and times of a peer.
///
/// @param gossipPause the least time between two messages of transactions of this peer's own while
///   more arrive: the first goes at once, the rest share messages
/// @param republishAfter how long a transaction submitted here may stay pending before it is
///   gossiped again, since a message can be lost while no peer is connected
/// @param statusInterval how often one peer, in turn, is asked for its status
public record PeerParams(
    Duration gossipPause,
    Duration republishAfter,
    Duration statusInterval,
    MempoolParams mempool,
    SyncParams sync) {

  /// Remote peers that are kept track of; the host connects to fewer.
  public static final int PEERS_MAX = 1_024;

  /// Values for a real network.
  public static PeerParams standard() {
    return new PeerParams(
        Duration.ofMillis(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(3),
        MempoolParams.defaults(),
        SyncParams.standard());
  }
}
