package dev.cairn.core.presence;

/// When a validator was last heard.
///
/// @param peer its node's peer id, as it says and signs
/// @param voting whether it votes, or still listens
/// @param heardNanos on the local monotonic clock
public record Sighting(String peer, boolean voting, long heardNanos) {}
