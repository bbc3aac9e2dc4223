package dev.cairn.core.presence;

import dev.cairn.core.Verdict;
import org.apache.tuweni.bytes.Bytes;

/// What [Presence] asks for.
public sealed interface PresenceEffect {

  /// Gossip this heartbeat.
  record Send(Bytes heartbeat) implements PresenceEffect {}

  /// The verdict on what was heard.
  record Report(long token, Verdict verdict) implements PresenceEffect {}

  /// This node has listened long enough and heard nobody else with its key: it may vote.
  record Allow() implements PresenceEffect {}

  /// Another node uses the key, and goes before this one.
  ///
  /// @param peer that node's peer id
  /// @param voted whether this node has voted already
  record Yield(String peer, boolean voted) implements PresenceEffect {}
}
