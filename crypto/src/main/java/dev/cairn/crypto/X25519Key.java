package dev.cairn.crypto;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;

/// A key of X25519 (RFC 7748). Safe for use from several threads.
public final class X25519Key {

  public static final int BYTES = 32;

  private final byte[] publicKey;
  private final PrivateKey key;

  private X25519Key(PrivateKey key, byte[] publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /// A fresh key.
  ///
  /// @param random used unless the native library has a source of its own
  public static X25519Key generate(SecureRandom random) {
    KeyPair pair = Library.XDH.generate(random);
    return new X25519Key(pair.getPrivate(), Xdh.raw(pair.getPublic()));
  }

  /// The key with these private bytes.
  ///
  /// @param raw 32 bytes, clamped where they are used
  public static X25519Key fromPrivate(byte[] raw) {
    if (raw.length != BYTES) {
      throw new CryptoException("an X25519 key has 32 bytes, not " + raw.length);
    }
    PrivateKey key = Library.XDH.privateKey(raw);
    byte[] basePoint = new byte[BYTES];
    basePoint[0] = 9;
    return new X25519Key(key, Library.XDH.agree(key, basePoint));
  }

  /// The 32 public bytes, a copy.
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /// The shared secret: 32 bytes.
  ///
  /// @throws CryptoException for a key of another length, or of small order (RFC 7748, section 6.1)
  public byte[] agree(byte[] peerPublic) {
    if (peerPublic.length != BYTES) {
      throw new CryptoException("an X25519 key has 32 bytes, not " + peerPublic.length);
    }
    return Library.XDH.agree(key, peerPublic);
  }

  private static final class Library {
    static final Xdh XDH = new Xdh(Providers.x25519());

    private Library() {}
  }
}
