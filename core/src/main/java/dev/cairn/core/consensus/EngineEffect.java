package dev.cairn.core.consensus;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.multiformats.Cid;
import org.apache.tuweni.bytes.Bytes;

/// What an engine asks to be done, in this order.
public sealed interface EngineEffect {

  /// Make a block and answer with [EngineInput.Built] or [EngineInput.NothingToBuild]. An engine
  /// has at most one such question open.
  ///
  /// @param slot returned with the answer
  /// @param parent a block that was checked or is final
  /// @param timeMillis for the header; strictly above the parent's
  /// @param consensus the engine's tuple for the header, one encoded array
  /// @param feeReceiver who is paid the block's fees; the consensus tuple says so too
  /// @param sealer makes the header's seal
  /// @param emptyWanted whether a block without transactions is wanted when none can be put in
  record Build(
      long slot,
      Cid parent,
      long timeMillis,
      Bytes consensus,
      Address feeReceiver,
      Sealer sealer,
      boolean emptyWanted)
      implements EngineEffect {}

  /// Make a block without a seal, empty if need be, and answer with [EngineInput.Built]; nothing of
  /// it is kept. For an engine that seals it later ([dev.cairn.core.block.Block#withSeal]) and has
  /// it checked then.
  ///
  /// @param slot returned with the answer
  /// @param parent a block that was checked or is final
  /// @param timeMillis for the header
  /// @param consensus the engine's tuple for the header, one encoded array
  /// @param feeReceiver who is paid the block's fees
  record Template(long slot, Cid parent, long timeMillis, Bytes consensus, Address feeReceiver)
      implements EngineEffect {}

  /// Look for a nonce, in place of whatever was looked for before, and answer with
  /// [EngineInput.Mined]; the machine itself must not grind.
  ///
  /// @param work returned with the answer
  record Mine(long work, Puzzle puzzle) implements EngineEffect {}

  /// Nothing is to be looked for any more.
  record StopMining() implements EngineEffect {}

  /// Execute the block on its parent, which is final or was checked, and answer with
  /// [EngineInput.Checked].
  ///
  /// @param feeReceiver who is paid the block's fees
  record Check(Block block, Address feeReceiver) implements EngineEffect {}

  /// Append to the [VoteLog], and have it synced before any later effect leaves the node. It is
  /// always safe to sync earlier: all records of a batch of effects may share one sync that comes
  /// before the first send of the batch.
  record Persist(VoteRecord entry) implements EngineEffect {}

  /// Send to all peers of the chain, validators first.
  ///
  /// @param again whether the same bytes were sent before: a transport that drops what it has seen
  ///   must let these pass
  record Broadcast(Bytes message, boolean again) implements EngineEffect {}

  /// Send a block with its seal to all peers of the chain.
  ///
  /// @param again as in [Broadcast]
  record BroadcastBlock(Block block, Bytes seal, boolean again) implements EngineEffect {}

  /// The verdict on one received block or message.
  record Judged(Origin origin, Verdict verdict) implements EngineEffect {}

  /// Transactions should now run on this block: what the next block will probably build on. It was
  /// checked; it need not be final, and a later head need not descend from it.
  record Head(Cid block) implements EngineEffect {}

  /// The block is final, and with it all its ancestors. It and they were checked, and it descends
  /// from what was final before. For each engine these come in order of height, not necessarily one
  /// for each height. They are in the chain store, durably, before any later effect leaves the
  /// node.
  ///
  /// @param certificate proves it to anyone (see [SealVerifier]); empty where the engine has none
  record Finalized(Cid block, Bytes certificate) implements EngineEffect {}

  /// Fetch this block and hand it in as [EngineInput.BlockReceived]; asked again until it came or
  /// does not matter any more.
  ///
  /// @param peer who probably has it; empty for anyone
  record RequestBlock(Cid block, String peer) implements EngineEffect {}

  /// The chain is further ahead than the engine fetches block by block: sync ranges, best from this
  /// peer, and report with [EngineInput.Synced].
  record Behind(String peer) implements EngineEffect {}

  /// Somebody broke the rules in a way that can be proved to others.
  ///
  /// @param offender the public key
  /// @param evidence the engine's bytes; for Simplex two signed messages that exclude each other
  record Misbehaviour(Bytes offender, Bytes evidence) implements EngineEffect {}

  /// The [VoteLog] may drop its records up to here ([VoteLog#prune]). What makes them needless is
  /// final and was said to be so before this.
  record Prune(long epoch, long slot) implements EngineEffect {}
}
