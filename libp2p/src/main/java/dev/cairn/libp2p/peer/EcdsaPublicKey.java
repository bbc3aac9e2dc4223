package dev.cairn.libp2p.peer;

import dev.cairn.crypto.EcdsaP256;
import dev.cairn.multiformats.MalformedException;
import java.util.Arrays;

/// An ECDSA P-256 key: the DER form of its X.509 SubjectPublicKeyInfo. Signatures are DER-encoded
/// over SHA-256.
public final class EcdsaPublicKey implements PublicKey {

  static final int TYPE = 3;

  /// Longer than any P-256 SubjectPublicKeyInfo with named or explicit curve parameters.
  public static final int SPKI_BYTES_MAX = 512;

  private final byte[] spki;

  /// @throws MalformedException when it is too long to be such a key
  public EcdsaPublicKey(byte[] spki) {
    if (spki.length == 0 || spki.length > SPKI_BYTES_MAX) {
      throw new MalformedException("ECDSA key of " + spki.length + " bytes");
    }
    this.spki = spki.clone();
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public byte[] data() {
    return spki.clone();
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    return EcdsaP256.verify(spki, message, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EcdsaPublicKey that && Arrays.equals(spki, that.spki);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(spki);
  }
}
