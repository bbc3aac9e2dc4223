package dev.cairn.libp2p.gossipsub;

/// What gossipsub counts.
public enum GossipCount {
  /// Messages of our own that were sent.
  PUBLISHED,
  /// Messages that came for the first time.
  RECEIVED,
  /// Messages that had come before.
  DUPLICATE,
  ACCEPTED,
  IGNORED,
  /// Messages that a subscriber, a signature policy or a limit on size rejected, a sender each.
  REJECTED,
  /// Messages for a topic that nobody here takes part in.
  UNKNOWN_TOPIC,
  /// Messages not taken because too many waited for a verdict.
  PENDING_FULL,
  /// Messages that never got a verdict.
  PENDING_EXPIRED,
  /// Verdicts on messages that no longer waited for one.
  VERDICT_LATE,
  /// Copies of messages that were sent, forwarded or answered.
  COPIES_SENT,
  GRAFT_SENT,
  GRAFT_RECEIVED,
  /// GRAFTs answered with PRUNE: within a backoff, or with the mesh full.
  GRAFT_REFUSED,
  PRUNE_SENT,
  PRUNE_RECEIVED,
  IHAVE_SENT,
  /// IHAVEs not read because of a limit in a heartbeat.
  IHAVE_OVER_LIMIT,
  IWANT_SENT,
  IWANT_ANSWERED,
  /// IWANTs not answered: unknown, or answered often enough.
  IWANT_REFUSED,
  IDONTWANT_SENT,
  IDONTWANT_RECEIVED,
  /// Copies not sent because the receiver had said IDONTWANT.
  COPIES_SPARED,
  /// Subscriptions over a peer's limit.
  TOPICS_OVER_LIMIT,
  /// Peers not taken in because there were too many.
  PEERS_OVER_LIMIT,
  /// RPCs from a peer that was not, or no longer, there.
  UNKNOWN_PEER,
  /// Parts of RPCs left out because of a limit on their number.
  RPC_PARTS_OVER_LIMIT,
  /// Frames that were not an RPC.
  MALFORMED,
  /// Messages that the subscriber's queue had no room for.
  QUEUE_FULL,
  /// Gossip not sent because the peer reads too slowly.
  GOSSIP_DROPPED,
  /// Copies of messages not sent because the peer reads too slowly.
  COPIES_DROPPED
}
