package dev.cairn.core.peer;

import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.HeadersRequest;
import dev.cairn.core.sync.Status;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.MalformedException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// What happens to a peer of the chain.
///
/// A remote peer is an opaque text id. A `token` names a gossiped message that awaits its verdict
/// and a `ticket` a caller that awaits an answer; whoever drives the machine chooses both (0 or
/// more), and each gets exactly one [PeerEffect.Report] or one [PeerEffect.Submitted] or
/// [PeerEffect.Answered].
///
/// [PeerIntake] makes the inputs that carry bytes from outside: it decodes and checks signatures,
/// and it is pure, so that it can run on a pool of threads beside the machine.
public sealed interface PeerInput {

  /// The first input of all, once: what the vote log held when the node started.
  record Started(List<VoteRecord> votes) implements PeerInput {
    public Started {
      votes = List.copyOf(votes);
    }
  }

  /// A transaction from a user of this node; its signature has been checked.
  record Submit(long ticket, Transaction transaction) implements PeerInput {}

  /// A message of the topic `tx`; every signature in it has been checked.
  record GossipedTransactions(long token, String from, List<Transaction> transactions)
      implements PeerInput {
    public GossipedTransactions {
      transactions = List.copyOf(transactions);
    }
  }

  /// A message of the topic `block`: decoded, its seal not yet checked.
  record GossipedBlock(long token, String from, BlockMessage message) implements PeerInput {}

  /// A message of the topic `vote`, as it arrived.
  record GossipedVote(long token, String from, Bytes message) implements PeerInput {}

  /// A peer that speaks the chain's protocols is connected.
  record PeerJoined(String peer) implements PeerInput {}

  /// What a peer says of its chain, as an answer or of its own accord.
  record PeerStatus(String peer, Status status) implements PeerInput {}

  record PeerGone(String peer) implements PeerInput {}

  /// What came in answer to [PeerEffect.RequestBlocks]; shorter than asked for when the stream
  /// ended early.
  record SyncAnswer(long requestId, String peer, List<BlockMessage> blocks) implements PeerInput {
    public SyncAnswer {
      blocks = List.copyOf(blocks);
    }
  }

  /// The same for a request for headers.
  record SyncHeaders(long requestId, String peer, List<Header> headers) implements PeerInput {
    public SyncHeaders {
      headers = List.copyOf(headers);
    }
  }

  /// What came in answer to a request, decoded.
  ///
  /// @throws MalformedException when the peer sent what no honest peer sends
  static PeerInput answer(PeerEffect.RequestBlocks asked, List<byte[]> messages) {
    return asked.request() instanceof HeadersRequest
        ? new SyncHeaders(
            asked.requestId(), asked.peer(), messages.stream().map(Header::decode).toList())
        : new SyncAnswer(
            asked.requestId(), asked.peer(), messages.stream().map(BlockMessage::decode).toList());
  }

  /// A range request that brought nothing usable.
  ///
  /// @param malformed whether the peer sent bytes that no honest peer sends, rather than being slow
  ///   or gone
  record SyncFailed(long requestId, String peer, String reason, boolean malformed)
      implements PeerInput {}

  /// A nonce that solves the puzzle of this number ([PeerEffect.Mine]).
  record Mined(long work, long nonce) implements PeerInput {}

  /// Whether this node may use its validator's key from now on.
  record Voting(boolean allowed) implements PeerInput {}

  record Query(long ticket, Question question) implements PeerInput {}
}
