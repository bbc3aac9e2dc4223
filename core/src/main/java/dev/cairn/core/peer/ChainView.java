package dev.cairn.core.peer;

import dev.cairn.core.Hash;
import dev.cairn.core.sync.Status;
import dev.cairn.multiformats.Cid;

/// A peer's chain at one moment, for readers on any thread.
///
/// @param height height of the newest block that this peer has executed
/// @param finalizedHeight height of the newest final block; at most `height`
/// @param stateRoot the state after the newest final block
/// @param finalizedTimeMillis the header time of the newest final block
/// @param mempool pending transactions
/// @param syncing whether peers are known to have final blocks that this peer lacks, more than
///   gossip alone will bring
/// @param syncTarget the highest final height that a peer has claimed, at least `finalizedHeight`
public record ChainView(
    Hash chainId,
    Cid genesis,
    long height,
    Cid head,
    long finalizedHeight,
    Cid finalized,
    Hash stateRoot,
    long finalizedTimeMillis,
    int mempool,
    boolean syncing,
    long syncTarget) {

  /// What this peer tells another of its chain.
  public Status status() {
    return new Status(chainId, genesis, height, head, finalizedHeight, finalized);
  }
}
