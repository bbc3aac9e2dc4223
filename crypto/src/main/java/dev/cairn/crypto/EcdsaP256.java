package dev.cairn.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/// ECDSA over P-256 with SHA-256 and DER signatures, for peers whose identity is such a key (libp2p
/// "Peer ids and keys"). From the JDK.
public final class EcdsaP256 {

  /// A SubjectPublicKeyInfo of P-256 has 91 bytes, or 59 with a compressed point.
  private static final int SPKI_BYTES_MAX = 128;

  private static final int FIELD_BITS = 256;
  private static final String CURVE_OID = "1.2.840.10045.3.1.7";

  private EcdsaP256() {}

  /// Whether these bytes are a SubjectPublicKeyInfo with a point of P-256.
  public static boolean isKey(byte[] spki) {
    return decode(spki).isPresent();
  }

  /// Whether this key signed the message.
  ///
  /// @param spki SubjectPublicKeyInfo in DER
  /// @param signature DER
  public static boolean verify(byte[] spki, byte[] message, byte[] signature) {
    Optional<PublicKey> key = decode(spki);
    return key.isPresent()
        && Secp256k1.Ecdsa.verify(Providers.sunEc(), key.get(), message, signature);
  }

  private static Optional<PublicKey> decode(byte[] spki) {
    if (spki.length > SPKI_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      PublicKey key =
          KeyFactory.getInstance("EC", Providers.sunEc())
              .generatePublic(new X509EncodedKeySpec(spki));
      boolean p256 =
          key instanceof ECPublicKey ec
              && ec.getParams().getCurve().getField().getFieldSize() == FIELD_BITS
              && ec.getParams().toString().contains(CURVE_OID)
              && isOnCurve(ec.getW(), ec.getParams().getCurve());
      return p256 ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /// The JDK parses a point without asking whether it lies on the curve.
  private static boolean isOnCurve(ECPoint point, EllipticCurve curve) {
    if (point.equals(ECPoint.POINT_INFINITY) || !(curve.getField() instanceof ECFieldFp field)) {
      return false;
    }
    BigInteger p = field.getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()).mod(p);
    return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right);
  }
}
