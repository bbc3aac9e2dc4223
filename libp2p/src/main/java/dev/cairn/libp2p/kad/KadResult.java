package dev.cairn.libp2p.kad;

import java.util.List;
import java.util.Optional;

/// What came of an operation.
public sealed interface KadResult {

  /// @param peer empty when nobody knows where it is
  record Peer(Optional<PeerAddresses> peer) implements KadResult {}

  /// The peers nearest to a key that have answered, the nearest first.
  record Closest(List<PeerAddresses> peers) implements KadResult {
    public Closest {
      peers = List.copyOf(peers);
    }
  }

  record Value(Optional<KadRecord> record) implements KadResult {}

  /// @param peers how many took what was sent to them
  record Stored(int peers) implements KadResult {}

  /// It is done, and there is no more to tell.
  record Complete() implements KadResult {}

  /// It was not begun.
  record Refused(String reason) implements KadResult {}
}
