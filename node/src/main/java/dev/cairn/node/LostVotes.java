package dev.cairn.node;

import java.time.Duration;

/// How a validator goes on whose votes are lost: it votes only above a place up to which it cannot
/// have voted, and only after it has listened for others with its key.
///
/// @param epoch from 0
/// @param slot within the epoch
/// @param listenFor at least [#LISTEN_MIN]
public record LostVotes(long epoch, long slot, Duration listenFor) {

  /// Long enough for everything that is sent again to be sent again.
  public static final Duration LISTEN_MIN = Duration.ofSeconds(10);

  public LostVotes {
    if (epoch < 0 || slot < 0) {
      throw new NodeException("an epoch and a slot are 0 or more");
    }
    if (listenFor.compareTo(LISTEN_MIN) < 0) {
      throw new NodeException(
          "a validator that lost its votes listens for at least " + LISTEN_MIN.toSeconds() + " s");
    }
  }
}
