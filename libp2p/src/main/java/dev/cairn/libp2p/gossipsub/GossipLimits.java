package dev.cairn.libp2p.gossipsub;

/// What one peer may make us do (gossipsub v1.1, "Spam Protection Measures").
///
/// @param peersMax peers that take part at once
/// @param topicsPerPeerMax topics that a peer may take part in; more are not noted
/// @param subscriptionsPerRpcMax topic changes read from one RPC
/// @param messagesPerRpcMax messages read from one RPC
/// @param controlsPerRpcMax GRAFTs, and PRUNEs, and IHAVEs read from one RPC
/// @param idsPerRpcMax ids of each kind read from one RPC
/// @param ihavesPerHeartbeatMax RPCs with IHAVE read from a peer in a heartbeat
/// @param idsPerHeartbeatMax ids asked of a peer, or told to it, in a heartbeat
/// @param asksPerIdMax peers that a message is asked of at the same time
/// @param iwantAnswersMax times that a message is sent to a peer that asks for it
/// @param idontwantsMax ids that a peer may say it does not want in three heartbeats
/// @param rejectsMax rejected messages and malformed RPCs within [#rejectsHeartbeats] after which
///   we part with a peer
/// @param rejectsHeartbeats the window in which they are counted
public record GossipLimits(
    int peersMax,
    int topicsPerPeerMax,
    int subscriptionsPerRpcMax,
    int messagesPerRpcMax,
    int controlsPerRpcMax,
    int idsPerRpcMax,
    int ihavesPerHeartbeatMax,
    int idsPerHeartbeatMax,
    int asksPerIdMax,
    int iwantAnswersMax,
    int idontwantsMax,
    int rejectsMax,
    int rejectsHeartbeats) {

  /// The longest RPC in bytes, sent or received: what other stacks take by default.
  public static final int RPC_BYTES_MAX = 1 << 20;

  /// The longest data of a message: its topic, author and signature have to fit beside it.
  public static final int MESSAGE_BYTES_MAX = RPC_BYTES_MAX - 4_096;

  /// The longest control part that is sent in one RPC; rust-libp2p takes no longer one.
  public static final int CONTROL_BYTES_MAX = 16 * 1024;

  /// Several messages go into one RPC up to this length, well under rust-libp2p's 64 KiB.
  public static final int GATHER_BYTES_MAX = 32 * 1024;

  public static final GossipLimits STANDARD =
      new GossipLimits(1_024, 100, 100, 2_048, 200, 5_000, 10, 5_000, 2, 3, 1_000, 20, 60);
}
