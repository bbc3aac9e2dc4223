package dev.cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/// X25519 of one provider.
record Xdh(Provider provider) {

  /// What precedes the raw keys in their documents (RFC 8410, sections 4 and 7).
  private static final byte[] SPKI = Der.prefix("302a300506032b656e032100");

  private static final byte[] PKCS8 = Der.prefix("302e020100300506032b656e04220420");

  /// What JCA calls the size of X25519.
  private static final int BITS = 255;

  PrivateKey privateKey(byte[] raw) {
    try {
      return KeyFactory.getInstance("XDH", provider)
          .generatePrivate(new PKCS8EncodedKeySpec(Der.join(PKCS8, raw)));
    } catch (GeneralSecurityException e) {
      throw new CryptoException("not an X25519 key: " + e.getMessage(), e);
    }
  }

  /// A fresh key, made in one go with its public half: half the work of one made of random bytes.
  ///
  /// @param random what the provider takes its bytes from, unless its library has its own source
  KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH", provider);
      generator.initialize(BITS, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not make an X25519 key: " + e.getMessage(), e);
    }
  }

  /// The 32 bytes at the end of a public key's document.
  static byte[] raw(PublicKey key) {
    byte[] document = key.getEncoded();
    return Arrays.copyOfRange(document, document.length - X25519Key.BYTES, document.length);
  }

  /// @throws CryptoException for a public key of small order, whose secret anyone knows
  byte[] agree(PrivateKey key, byte[] peerPublic) {
    byte[] secret;
    try {
      PublicKey peer =
          KeyFactory.getInstance("XDH", provider)
              .generatePublic(new X509EncodedKeySpec(Der.join(SPKI, peerPublic)));
      KeyAgreement agreement = KeyAgreement.getInstance("XDH", provider);
      agreement.init(key);
      agreement.doPhase(peer, true);
      secret = agreement.generateSecret();
    } catch (GeneralSecurityException | ProviderException | IllegalStateException e) {
      throw new CryptoException("no shared secret with this X25519 key: " + e.getMessage(), e);
    }
    int bits = 0;
    for (byte b : secret) {
      bits |= b;
    }
    if (bits == 0) {
      throw new CryptoException("the peer's X25519 key is of small order");
    }
    return secret;
  }
}
