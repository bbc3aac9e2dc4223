package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import java.util.List;

/// What a look-up is for. Owner: its [Operation].
interface Goal {

  /// What each peer on the way is asked; its key is where the way leads.
  KadMessage question();

  /// Takes a peer's answer.
  ///
  /// @return true when what was wanted is there
  boolean heard(PeerAddresses from, KadMessage answer, Step step);

  /// Takes that a peer was reached which does not serve the DHT.
  ///
  /// @return true when what was wanted is there
  default boolean reached(PeerId peer) {
    return false;
  }

  /// What to send when the look-up is over.
  ///
  /// @param complete whether it ran to its end, so that the nearest peers are known
  default List<Sending> after(Lookup lookup, boolean complete) {
    return List.of();
  }

  /// Whether the operation ends only when that has been sent and answered.
  default boolean awaitsSending() {
    return false;
  }

  /// Takes that the look-up was never begun.
  default void abandoned(Step step) {}

  /// The last word.
  ///
  /// @param taken how many peers took what was sent
  KadResult result(Lookup lookup, int taken, Step step);

  /// The requests in a row that led to it.
  default int hops(Lookup lookup) {
    return lookup.closest(1).stream().mapToInt(p -> lookup.hops(p.peer())).findFirst().orElse(0);
  }

  /// One message to one peer.
  record Sending(PeerAddresses to, KadMessage message) {}
}
