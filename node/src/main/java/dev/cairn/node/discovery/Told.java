package dev.cairn.node.discovery;

import dev.cairn.libp2p.identify.SignedPeerRecord;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A peer that someone has named.
///
/// @param addresses without `/p2p`; the best first
/// @param record what the peer itself has signed of them, if that is at hand
public record Told(PeerId peer, List<Multiaddr> addresses, Optional<Signed> record) {

  /// A signed peer record whose signature was checked.
  ///
  /// @param sequence grows with each record of the peer
  public record Signed(long sequence, Bytes envelope) {}

  public Told {
    addresses = List.copyOf(addresses);
  }

  static Told unsigned(PeerId peer, List<Multiaddr> addresses) {
    return new Told(peer, addresses, Optional.empty());
  }

  /// Opens an envelope.
  ///
  /// @throws dev.cairn.multiformats.MalformedException when it is forged or malformed
  static Told open(byte[] envelope) {
    SignedPeerRecord record = SignedPeerRecord.open(envelope);
    return new Told(
        record.peer(),
        record.addresses(),
        Optional.of(new Signed(record.sequence(), Bytes.wrap(envelope.clone()))));
  }
}
