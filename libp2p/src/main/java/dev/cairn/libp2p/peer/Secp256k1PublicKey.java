package dev.cairn.libp2p.peer;

import dev.cairn.crypto.Secp256k1;
import dev.cairn.multiformats.MalformedException;
import java.util.Arrays;

/// A secp256k1 key: the compressed point, 33 bytes. Signatures are DER-encoded ECDSA over SHA-256;
/// where this platform cannot check them, such a peer is not believed.
public final class Secp256k1PublicKey implements PublicKey {

  static final int TYPE = 2;

  /// The length of a compressed point.
  public static final int COMPRESSED_BYTES = 33;

  private final byte[] point;

  /// @throws MalformedException when it is not a compressed point
  public Secp256k1PublicKey(byte[] point) {
    if (point.length != COMPRESSED_BYTES || (point[0] != 2 && point[0] != 3)) {
      throw new MalformedException("secp256k1 key is not a compressed point");
    }
    this.point = point.clone();
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public byte[] data() {
    return point.clone();
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    return Secp256k1.isAvailable() && Secp256k1.verify(point, message, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secp256k1PublicKey that && Arrays.equals(point, that.point);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(point);
  }
}
