package dev.cairn.core.consensus;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.multiformats.Cid;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// What happens to an engine.
///
/// Each input that has an [Origin] is answered by exactly one [EngineEffect.Judged] in the same
/// step.
public sealed interface EngineInput {

  /// The first input, once. Nothing else may come before it.
  ///
  /// @param tip the latest final block of the chain store
  /// @param records what the vote log holds, oldest first; empty for an observer
  record Started(Tip tip, List<VoteRecord> records) implements EngineInput {
    public Started {
      records = List.copyOf(records);
    }
  }

  /// Whether transactions wait that can run on the current head (the last [EngineEffect.Head], or
  /// the tip). A new head resets this to false, so say it again after each head, and whenever a
  /// transaction arrives; repeats cost nothing.
  record Pending(boolean waiting) implements EngineInput {}

  /// A block from outside: gossiped with its seal, or the answer to [EngineEffect.RequestBlock].
  ///
  /// @param seal the engine's bytes beside the block: a proposal or a certificate; empty for none
  record BlockReceived(Block block, Bytes seal, Origin origin) implements EngineInput {}

  /// One of the engine's own messages from outside: a vote, a certificate.
  record MessageReceived(Bytes message, Origin origin) implements EngineInput {}

  /// The answer to [EngineEffect.Build]: a block that the ledger has executed already; or to
  /// [EngineEffect.Template]: one without a seal.
  record Built(long slot, Block block) implements EngineInput {}

  /// The other answer to [EngineEffect.Build]: no transaction could be put into a block.
  record NothingToBuild(long slot) implements EngineInput {}

  /// The answer to [EngineEffect.Mine]: a nonce that solves the puzzle of this number.
  record Mined(long work, long nonce) implements EngineInput {}

  /// What a peer of the same chain says of itself; a claim, none of it proved.
  ///
  /// @param height of its newest executed block, `head`
  record PeerSaid(String peer, long height, Cid head, long finalizedHeight)
      implements EngineInput {}

  /// The peer is no longer connected.
  record PeerLeft(String peer) implements EngineInput {}

  /// The answer to [EngineEffect.Check]. Accept: the block was executed on its parent. Reject: it
  /// is against the rules. Ignore: it could not be told (the engine asks again when it matters).
  record Checked(Cid block, Verdict verdict) implements EngineInput {}

  /// Whether this node may use its validator's key from now on. The node says no as long as another
  /// node may be using the same key. An engine that signs nothing, or has no key, has nothing to
  /// do.
  record Voting(boolean allowed) implements EngineInput {}

  /// Blocks that came another way (a range sync) made a later block final: it and all before it are
  /// in the chain store.
  record Synced(Tip tip) implements EngineInput {}
}
