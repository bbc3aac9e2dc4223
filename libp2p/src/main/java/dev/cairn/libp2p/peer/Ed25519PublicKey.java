package dev.cairn.libp2p.peer;

import dev.cairn.crypto.Ed25519;
import dev.cairn.multiformats.MalformedException;
import java.util.Arrays;

/// An Ed25519 key: 32 bytes. The kind that Cairn's own peers have.
public final class Ed25519PublicKey implements PublicKey {

  static final int TYPE = 1;

  private final byte[] raw;

  /// @throws MalformedException when it is not 32 bytes
  public Ed25519PublicKey(byte[] raw) {
    if (raw.length != Ed25519.PUBLIC_KEY_BYTES) {
      throw new MalformedException("Ed25519 key of " + raw.length + " bytes");
    }
    this.raw = raw.clone();
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public byte[] data() {
    return raw.clone();
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    return signature.length == Ed25519.SIGNATURE_BYTES && Ed25519.verify(raw, message, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ed25519PublicKey that && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }
}
