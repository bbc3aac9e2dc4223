package dev.cairn.core.consensus;

/// Where an input came from.
///
/// @param peer the peer that handed it over (not its author), opaque to the engine
/// @param token names the message to whoever awaits its verdict; never interpreted
public record Origin(String peer, long token) {

  /// For what this node made itself or asked for.
  public static final Origin SELF = new Origin("", 0);
}
