package dev.cairn.node.chain;

import dev.cairn.core.peer.TransactionsMessage;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.libp2p.gossipsub.MessageIds;
import dev.cairn.libp2p.gossipsub.SignaturePolicy;
import dev.cairn.libp2p.gossipsub.TopicParams;

/// The chain's three topics (spec/sync.md, "Topics"). What they carry is signed already, so the
/// messages themselves are not.
record Topics(TopicParams transactions, TopicParams blocks, TopicParams votes) {

  /// Bytes of one message of the topic `vote`: a vote, or a certificate of the largest set.
  static final int VOTE_MESSAGE_BYTES_MAX = 65_536;

  private static final int TRANSACTION_MESSAGES_QUEUED = 1_024;
  private static final int BLOCKS_QUEUED = 16;
  private static final int VOTES_QUEUED = 1_024;

  /// @param chain the chain's short name
  static Topics of(String chain) {
    return new Topics(
        topic(chain, "tx", TransactionsMessage.BYTES_MAX, TRANSACTION_MESSAGES_QUEUED),
        topic(chain, "block", BlockMessage.BYTES_MAX, BLOCKS_QUEUED),
        topic(chain, "vote", VOTE_MESSAGE_BYTES_MAX, VOTES_QUEUED));
  }

  private static TopicParams topic(String chain, String kind, int bytesMax, int queued) {
    return new TopicParams(
        "/cairn/" + chain + "/" + kind + "/1",
        SignaturePolicy.STRICT_NO_SIGN,
        bytesMax,
        queued,
        MessageIds.CONTENT);
  }
}
