package dev.cairn.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/// An Ed25519 signing key. Safe for use from several threads.
public final class Ed25519Key {

  private final byte[] seed;
  private final byte[] publicKey;
  private final PrivateKey key;

  private Ed25519Key(byte[] seed) {
    this.seed = seed.clone();
    this.publicKey = derivePublicKey(this.seed);
    this.key = Ed25519.Library.EDDSA.privateKey(this.seed);
  }

  /// The key with this seed.
  ///
  /// @param seed 32 bytes (RFC 8032's private key), copied
  public static Ed25519Key fromSeed(byte[] seed) {
    if (seed.length != Ed25519.SEED_BYTES) {
      throw new CryptoException("an Ed25519 seed has 32 bytes, not " + seed.length);
    }
    return new Ed25519Key(seed);
  }

  public static Ed25519Key generate(SecureRandom random) {
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    random.nextBytes(seed);
    Ed25519Key key = new Ed25519Key(seed);
    Arrays.fill(seed, (byte) 0);
    return key;
  }

  /// The 32 secret bytes, a copy.
  public byte[] seed() {
    return seed.clone();
  }

  /// The 32 public bytes, a copy.
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /// The signature of the message: 64 bytes, the same each time.
  public byte[] sign(byte[] message) {
    return Ed25519.Library.EDDSA.sign(key, message);
  }

  /// JCA has no way from a seed to its public key, except that a generator takes the seed from its
  /// source of randomness.
  private static byte[] derivePublicKey(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", Providers.sunEc());
      generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
      byte[] document = generator.generateKeyPair().getPublic().getEncoded();
      return Arrays.copyOfRange(
          document, document.length - Ed25519.PUBLIC_KEY_BYTES, document.length);
    } catch (GeneralSecurityException e) {
      throw new CryptoException("could not derive an Ed25519 key: " + e.getMessage(), e);
    }
  }

  /// Randomness that is none: gives the seed to the generator.
  private static final class Fixed extends SecureRandom {

    private static final long serialVersionUID = 1;
    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
