package dev.cairn.core.presence;

import java.time.Duration;

/// How long a validator listens, and how often it speaks.
///
/// @param listen how long a node that has others to hear listens before it votes
/// @param always whether it listens that long even when its key alone decides: for a validator that
///   lost its votes, or one that is told of peers
/// @param needsAudience whether the time counts only from when another node is there, even when the
///   key alone decides
public record PresenceParams(Duration listen, boolean always, boolean needsAudience) {

  /// Long enough for two heartbeats of a node that answers.
  public static final Duration LISTEN = Duration.ofSeconds(3);

  /// @param peers whether the node is told of peers
  public static PresenceParams standard(boolean peers) {
    return new PresenceParams(LISTEN, peers, false);
  }

  /// For a validator that lost its votes.
  public static PresenceParams lostVotes(Duration listen) {
    return new PresenceParams(listen, true, true);
  }
}
