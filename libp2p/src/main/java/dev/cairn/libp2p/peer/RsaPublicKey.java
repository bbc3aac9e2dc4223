package dev.cairn.libp2p.peer;

import dev.cairn.crypto.Rsa;
import dev.cairn.multiformats.MalformedException;
import java.util.Arrays;

/// An RSA key of 2,048 to 8,192 bits: the DER form of its X.509 SubjectPublicKeyInfo. Signatures
/// are PKCS #1 v1.5 over SHA-256.
public final class RsaPublicKey implements PublicKey {

  static final int TYPE = 0;

  /// An 8,192-bit modulus takes 1,024 bytes; the rest is the DER around it.
  public static final int SPKI_BYTES_MAX = 1_200;

  private final byte[] spki;

  /// @throws MalformedException when it is too long to be such a key
  public RsaPublicKey(byte[] spki) {
    if (spki.length == 0 || spki.length > SPKI_BYTES_MAX) {
      throw new MalformedException("RSA key of " + spki.length + " bytes");
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
    return Rsa.verify(spki, message, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RsaPublicKey that && Arrays.equals(spki, that.spki);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(spki);
  }
}
