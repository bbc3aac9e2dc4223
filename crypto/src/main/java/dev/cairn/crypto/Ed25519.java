package dev.cairn.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Verification of Ed25519 signatures (RFC 8032) under the rules that the chain's specification
/// writes down, because libraries disagree at the edges and every node must decide alike:
///
/// - the public key A is canonical: its y is below p = 2^255 - 19;
/// - neither A nor R is one of the eight points of small order, with either sign bit;
/// - S is below the group order L;
/// - the equation is the one without the cofactor, and R is compared as bytes.
///
/// The first three are checked here before any library sees the bytes.
public final class Ed25519 {

  public static final int PUBLIC_KEY_BYTES = 32;
  public static final int SEED_BYTES = 32;
  public static final int SIGNATURE_BYTES = 64;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long SIGN_BIT = 1L << 63;

  /// p, four 64-bit words, least significant first.
  private static final long[] P = {0xffffffffffffffedL, -1L, -1L, 0x7fffffffffffffffL};

  /// L = 2^252 + 27742317777372353535851937790883648493.
  private static final long[] L = {
    0x5812631a5cf5d3edL, 0x14def9dea2f79cd6L, 0, 0x1000000000000000L
  };

  /// The y of every point whose order divides 8, below p: both points of order 4, the identity, the
  /// point of order 2, and the four of order 8 (two values, each with two x).
  private static final long[][] SMALL_ORDER = {
    {0, 0, 0, 0},
    {1, 0, 0, 0},
    {0xffffffffffffffecL, -1L, -1L, 0x7fffffffffffffffL},
    {0x4fd84d3d706a17c7L, 0x0f67100d760b3cbaL, 0xc6cc392cfa53202aL, 0x7a03ac9277fdc74eL},
    {0xb027b2c28f95e826L, 0xf098eff289f4c345L, 0x3933c6d305acdfd5L, 0x05fc536d880238b1L},
  };

  private Ed25519() {}

  /// Whether the signature is valid under the rules above. Bytes of a wrong length are not.
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    return isAllowed(publicKey, signature) && Library.EDDSA.verify(publicKey, message, signature);
  }

  /// The same through a given library.
  static boolean verify(EdDsa library, byte[] publicKey, byte[] message, byte[] signature) {
    return isAllowed(publicKey, signature) && library.verify(publicKey, message, signature);
  }

  private static boolean isAllowed(byte[] publicKey, byte[] signature) {
    return isCanonicalKey(publicKey)
        && signature.length == SIGNATURE_BYTES
        && isPoint(signature, 0)
        && below(signature, PUBLIC_KEY_BYTES, L, 0);
  }

  /// Whether these are 32 bytes that encode a canonical y which is not of small order. Whether the
  /// y lies on the curve is only known to [#verify].
  public static boolean isCanonicalKey(byte[] publicKey) {
    return publicKey.length == PUBLIC_KEY_BYTES && isPoint(publicKey, 0);
  }

  private static boolean isPoint(byte[] bytes, int offset) {
    if (!below(bytes, offset, P, SIGN_BIT)) {
      return false;
    }
    for (long[] small : SMALL_ORDER) {
      if (word(bytes, offset, 0) == small[0]
          && word(bytes, offset, 1) == small[1]
          && word(bytes, offset, 2) == small[2]
          && (word(bytes, offset, 3) & ~SIGN_BIT) == small[3]) {
        return false;
      }
    }
    return true;
  }

  /// Whether the 256-bit number, its top word freed of the bits in `ignored`, is below the bound.
  private static boolean below(byte[] bytes, int offset, long[] bound, long ignored) {
    for (int i = 3; i >= 0; i--) {
      long word = word(bytes, offset, i) & (i == 3 ? ~ignored : -1L);
      int order = Long.compareUnsigned(word, bound[i]);
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }

  private static long word(byte[] bytes, int offset, int index) {
    return (long) LONGS.get(bytes, offset + index * Long.BYTES);
  }

  /// Loads the native library on the first signature, not with this class.
  static final class Library {
    static final EdDsa EDDSA = new EdDsa(Providers.ed25519());

    private Library() {}
  }
}
