package dev.cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/// Ed25519 of one provider, with no rules of our own on top.
record EdDsa(Provider provider) {

  /// What precedes the 32 bytes of a public key in a SubjectPublicKeyInfo (RFC 8410, section 4).
  private static final byte[] SPKI = Der.prefix("302a300506032b6570032100");

  /// What precedes the 32 bytes of a seed in a PKCS #8 document (RFC 8410, section 7).
  private static final byte[] PKCS8 = Der.prefix("302e020100300506032b657004220420");

  boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    try {
      PublicKey key =
          KeyFactory.getInstance("EdDSA", provider)
              .generatePublic(new X509EncodedKeySpec(Der.join(SPKI, publicKey)));
      Signature verifier = Signature.getInstance("EdDSA", provider);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
      return false; // a key that is not on the curve, or a signature that its decoder refuses
    } catch (GeneralSecurityException e) {
      // Never a verdict: a node whose library is broken would disagree with all the others.
      throw new CryptoException("Ed25519 is not available: " + e.getMessage(), e);
    }
  }

  PrivateKey privateKey(byte[] seed) {
    try {
      return KeyFactory.getInstance("EdDSA", provider)
          .generatePrivate(new PKCS8EncodedKeySpec(Der.join(PKCS8, seed)));
    } catch (GeneralSecurityException e) {
      throw new CryptoException("not an Ed25519 seed: " + e.getMessage(), e);
    }
  }

  byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signer = Signature.getInstance("EdDSA", provider);
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not sign: " + e.getMessage(), e);
    }
  }
}
