package dev.cairn.core.peer;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.Puzzle;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.BlocksRequest;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// What a peer of the chain asks to be done, in this order.
///
/// Every [PersistVote] must be on disk, synced, before any later effect of the same list is
/// performed; consecutive ones may share one sync. A finalized block is durable in the chain store
/// before its [Finalized] comes out.
public sealed interface PeerEffect {

  record PersistVote(VoteRecord vote) implements PeerEffect {}

  /// Vote records at or below this place may be dropped from the log.
  record PruneVotes(long epoch, long slot) implements PeerEffect {}

  /// To publish on the topic `tx` as one message, within its limit of bytes.
  ///
  /// @param again whether these were published before, perhaps in the same message: a transport
  ///   that drops what it has seen must let them pass
  record GossipTransactions(List<Transaction> transactions, boolean again) implements PeerEffect {
    public GossipTransactions {
      transactions = List.copyOf(transactions);
    }
  }

  /// To publish on the topic `block`.
  ///
  /// @param again as for transactions
  record GossipBlock(BlockMessage message, boolean again) implements PeerEffect {}

  /// To publish on the topic `vote`.
  ///
  /// @param again as for transactions
  record GossipVote(Bytes message, boolean again) implements PeerEffect {}

  /// The verdict on the gossiped message that `token` names.
  record Report(long token, Verdict verdict) implements PeerEffect {}

  record Submitted(long ticket, SubmitResult result) implements PeerEffect {}

  record Answered(long ticket, Answer answer) implements PeerEffect {}

  /// The next block of the final chain, in order of height and without gaps.
  ///
  /// @param certificate empty when the block is final only as an ancestor of one that has a
  ///   certificate
  record Finalized(Block block, Bytes certificate) implements PeerEffect {}

  /// The next block builds on this one now, which is not final; it need not descend from the head
  /// before.
  ///
  /// @param height of the block
  record HeadMoved(Cid head, long height) implements PeerEffect {}

  /// To look for a nonce in place of whatever was looked for before, answered by [PeerInput.Mined].
  record Mine(long work, Puzzle puzzle) implements PeerEffect {}

  record StopMining() implements PeerEffect {}

  /// A pending transaction left the pool without being in a block.
  record Dropped(Cid transaction, String reason) implements PeerEffect {}

  /// To exchange statuses with a peer; the answer comes as [PeerInput.PeerStatus].
  record RequestStatus(String peer) implements PeerEffect {}

  /// To ask a peer for blocks, or for headers; answered by [PeerInput.SyncAnswer] or
  /// [PeerInput.SyncHeaders], or by [PeerInput.SyncFailed].
  record RequestBlocks(long requestId, String peer, BlocksRequest request) implements PeerEffect {}

  /// A validator broke the engine's rules, with what proves it to anyone.
  ///
  /// @param offender its public key
  record Misbehaviour(Bytes offender, Bytes evidence) implements PeerEffect {}

  /// The peer broke the protocol, and whoever scores peers should know.
  record Penalize(String peer, String reason) implements PeerEffect {}

  /// Nothing is to be gained from this peer; the reason may be told to it.
  record Disconnect(String peer, String reason) implements PeerEffect {}
}
