package dev.cairn.libp2p.kad;

import org.jspecify.annotations.Nullable;

/// A peer that a look-up has heard of. Owner: its [Lookup].
final class Candidate {

  enum State {
    WAITING,
    ASKED,
    ANSWERED,
    FAILED,
    /// It answered, but too many of its network have; or whoever told of it lost its credit.
    EXCLUDED
  }

  PeerAddresses peer;
  State state = State.WAITING;

  /// Requests from us to it: 1 for a peer of our own table.
  final int hops;

  /// Who told of it first; nobody for a peer of our own table.
  final @Nullable Candidate source;

  /// Whether another one has told of it too.
  boolean vouched;

  /// Peers that only this one told of and that have not answered.
  int bogus;

  int attempts;

  /// The path that asked it.
  @Nullable LookupPath path;

  Candidate(PeerAddresses peer, @Nullable Candidate source) {
    this.peer = peer;
    this.source = source;
    this.hops = source == null ? 1 : source.hops + 1;
  }

  boolean live() {
    return state != State.FAILED && state != State.EXCLUDED;
  }
}
