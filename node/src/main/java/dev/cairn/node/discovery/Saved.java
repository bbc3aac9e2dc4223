package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// What is kept of discovery over a restart.
///
/// @param key the secret that places peers in buckets; [AddressBook#KEY_BYTES] long
/// @param anchors the long-lived outbound peers, dialled first
public record Saved(Bytes key, List<PeerId> anchors, List<Peer> peers) {

  /// One peer of the address book.
  ///
  /// @param provenMillis when it last answered a dial; 0 for never
  public record Peer(
      boolean tried,
      PeerId peer,
      Source source,
      String teller,
      long provenMillis,
      List<Multiaddr> addresses,
      Optional<Told.Signed> record) {
    public Peer {
      addresses = List.copyOf(addresses);
    }
  }

  public Saved {
    anchors = List.copyOf(anchors);
    peers = List.copyOf(peers);
    if (key.size() != AddressBook.KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.size() + " bytes");
    }
  }

  /// Nobody is known.
  public static Saved nobody(Bytes key) {
    return new Saved(key, List.of(), List.of());
  }
}
