package dev.cairn.libp2p.kad;

import dev.cairn.crypto.Sha256;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multihash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Peers and keys for tests, each from its number.
final class Kads {

  static final long SECOND = 1_000_000_000L;
  static final long HOUR = 3_600 * SECOND;

  private Kads() {}

  static PeerId id(int number) {
    byte[] digest = Sha256.digest(ByteBuffer.allocate(4).putInt(number).array());
    return PeerId.decode(Multihash.of(Multihash.SHA2_256, digest).encode());
  }

  /// A peer in an IPv4 /24 of its own.
  static PeerAddresses peer(int number) {
    return peer(number, "150." + (number >> 8 & 255) + "." + (number & 255) + ".1");
  }

  static PeerAddresses peer(int number, String ip4) {
    return PeerAddresses.of(id(number), List.of(Multiaddr.parse("/ip4/" + ip4 + "/tcp/4001")));
  }

  /// Where the connection to a peer leads.
  static Optional<Multiaddr> remote(PeerAddresses peer) {
    return Optional.of(peer.addresses().getFirst());
  }

  static Now at(long nanos) {
    return new Now(nanos, 1_767_225_600_000L + nanos / 1_000_000);
  }

  static KadKey key(String text) {
    return KadKey.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Multihash content(int number) {
    return Multihash.of(
        Multihash.SHA2_256, Sha256.digest(ByteBuffer.allocate(8).putInt(number).array()));
  }
}
