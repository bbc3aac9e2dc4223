package dev.cairn.libp2p.kad;

import dev.cairn.crypto.Sha256;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.Multihash;
import java.nio.ByteBuffer;

/// A key of the DHT and its place in the key space: the SHA-256 of its bytes (kad-dht, "Distance").
/// The key of a peer is the bytes of its id, that of provider records a multihash. Immutable; equal
/// when the places are.
public final class KadKey {

  /// Bits of the key space, and the prefix that a key shares with itself.
  public static final int BITS = 256;

  private final byte[] bytes;
  private final long a;
  private final long b;
  private final long c;
  private final long d;

  private KadKey(byte[] bytes, ByteBuffer place) {
    this.bytes = bytes;
    this.a = place.getLong();
    this.b = place.getLong();
    this.c = place.getLong();
    this.d = place.getLong();
  }

  /// @param bytes of any length; copied
  public static KadKey of(byte[] bytes) {
    byte[] own = bytes.clone();
    return new KadKey(own, ByteBuffer.wrap(Sha256.digest(own)));
  }

  public static KadKey of(PeerId peer) {
    return of(peer.bytes());
  }

  public static KadKey of(Multihash hash) {
    return of(hash.encode());
  }

  /// A copy of the key as it goes over the wire.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// Bytes of the key.
  public int length() {
    return bytes.length;
  }

  /// The same array for all who ask: to write it out, never to change it.
  byte[] shared() {
    return bytes;
  }

  /// The leading bits that the two places have in common, 0 to 256.
  public int commonPrefix(KadKey that) {
    if (a != that.a) {
      return Long.numberOfLeadingZeros(a ^ that.a);
    } else if (b != that.b) {
      return 64 + Long.numberOfLeadingZeros(b ^ that.b);
    } else if (c != that.c) {
      return 128 + Long.numberOfLeadingZeros(c ^ that.c);
    }
    return 192 + Long.numberOfLeadingZeros(d ^ that.d);
  }

  /// Below zero when `x` is nearer to this key than `y`, by XOR; zero only for equal keys.
  public int compareDistance(KadKey x, KadKey y) {
    if (x.a != y.a) {
      return Long.compareUnsigned(x.a ^ a, y.a ^ a);
    } else if (x.b != y.b) {
      return Long.compareUnsigned(x.b ^ b, y.b ^ b);
    } else if (x.c != y.c) {
      return Long.compareUnsigned(x.c ^ c, y.c ^ c);
    }
    return Long.compareUnsigned(x.d ^ d, y.d ^ d);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KadKey that && a == that.a && b == that.b && c == that.c && d == that.d;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a);
  }

  /// The place as hexadecimal.
  @Override
  public String toString() {
    byte[] place =
        ByteBuffer.allocate(BITS / 8).putLong(a).putLong(b).putLong(c).putLong(d).array();
    return Hex.encode(place);
  }
}
