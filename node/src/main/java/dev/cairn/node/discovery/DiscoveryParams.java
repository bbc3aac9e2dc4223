package dev.cairn.node.discovery;

import java.time.Duration;

/// What the policy aims at, and its times.
///
/// @param outbound peers of this chain that this node dials itself
/// @param elsewhere of those, the ones kept free for other regions than the one that has most
/// @param perNet outbound peers of one /24 (IPv6: /56), while others can be had
/// @param perRegion outbound peers of one /16 (IPv6: /32), while others can be had
/// @param peersMax connections above which nobody new is dialled
/// @param dials dials at once
/// @param dialTime after which a dial that has told nothing is over
/// @param welcome how long a connected peer may take to show that it is of this chain
/// @param feeler between two trials of a peer that is only heard of
/// @param ask between two requests for peers, when there are enough
/// @param walk between two random walks, when there are enough
/// @param settle between a change and its save
/// @param save between two saves
public record DiscoveryParams(
    int outbound,
    int elsewhere,
    int perNet,
    int perRegion,
    int peersMax,
    int dials,
    Duration dialTime,
    Duration welcome,
    Duration feeler,
    Duration ask,
    Duration walk,
    Duration settle,
    Duration save) {

  /// Peers that are dialled first after a restart.
  public static final int ANCHORS_MAX = 4;

  /// Addresses kept of one peer.
  public static final int ADDRESSES_MAX = 8;

  /// Peers taken from one message, whoever sends it.
  public static final int TOLD_MAX = 64;

  /// Peers let go for forging, remembered at once.
  public static final int BANNED_MAX = 1_024;

  /// Peers that may be named by an operator.
  public static final int NAMED_MAX = 256;

  static final Duration BAN = Duration.ofHours(1);

  /// How long a peer of another chain is not dialled again.
  static final Duration STRANGER = Duration.ofMinutes(10);

  /// A connection shorter than this counts as a dial that failed: the peer does not want us.
  static final Duration BRIEF = Duration.ofSeconds(10);

  /// How long an address on which a peer answered is told to others.
  static final Duration VOUCHED = Duration.ofHours(24);

  /// How long others are looked for before a region gets more than its share.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  static final Duration ASK_SOONEST = Duration.ofSeconds(2);
  static final Duration ASK_HUNGRY_MOST = Duration.ofSeconds(60);
  static final Duration WALK_HUNGRY = Duration.ofSeconds(30);

  public static final DiscoveryParams STANDARD =
      new DiscoveryParams(
          8,
          2,
          1,
          1,
          128,
          4,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30));

  public DiscoveryParams {
    if (outbound < 1 || perNet < 1 || perRegion < 1 || dials < 1 || peersMax < 1) {
      throw new IllegalArgumentException("a limit below one");
    }
    if (elsewhere < 0 || elsewhere >= outbound && outbound > 1) {
      throw new IllegalArgumentException(elsewhere + " of " + outbound + " outbound peers");
    }
  }

  /// The same with other numbers of peers.
  ///
  /// @param target outbound peers to have
  /// @param connections peers in all
  public DiscoveryParams with(int target, int connections) {
    int wanted = Math.clamp(connections / 2, 1, target);
    return new DiscoveryParams(
        wanted,
        Math.min(elsewhere, wanted - 1),
        perNet,
        perRegion,
        connections,
        dials,
        dialTime,
        welcome,
        feeler,
        ask,
        walk,
        settle,
        save);
  }

  /// The most peers of one region when there are no others: some places stay free for those.
  int perRegionAtMost() {
    return Math.max(1, outbound - elsewhere);
  }
}
