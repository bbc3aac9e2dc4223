package dev.cairn.libp2p.limits;

import java.time.Duration;

/// Times of a swarm.
///
/// @param dialTimeout from the first attempt at a peer's addresses to a connection that is ready
/// @param simultaneous connections of the two sides that come up within this time are taken for a
///   simultaneous dial; later, a new one replaces an old one, which the peer must have lost
/// @param retire how long a connection that lost its place still serves the streams on it
public record SwarmParams(Duration dialTimeout, Duration simultaneous, Duration retire) {

  public static final SwarmParams STANDARD =
      new SwarmParams(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(3));
}
