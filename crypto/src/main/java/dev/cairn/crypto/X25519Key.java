package dev.cairn.crypto;

import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;

/// A key of X25519 (RFC 7748). Safe for use from several threads.
public final class X25519Key {

  public static final int BYTES = 32;

  private final byte[] publicKey;
  private final PrivateKey key;

  private X25519Key(byte[] raw) {
    this.key = Library.XDH.privateKey(raw);
    byte[] basePoint = new byte[BYTES];
    basePoint[0] = 9;
    this.publicKey = Library.XDH.agree(key, basePoint);
  }

  public static X25519Key generate(SecureRandom random) {
    byte[] raw = new byte[BYTES];
    random.nextBytes(raw);
    X25519Key key = new X25519Key(raw);
    Arrays.fill(raw, (byte) 0);
    return key;
  }

  /// The key with these private bytes.
  ///
  /// @param raw 32 bytes, clamped where they are used
  public static X25519Key fromPrivate(byte[] raw) {
    if (raw.length != BYTES) {
      throw new CryptoException("an X25519 key has 32 bytes, not " + raw.length);
    }
    return new X25519Key(raw);
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
