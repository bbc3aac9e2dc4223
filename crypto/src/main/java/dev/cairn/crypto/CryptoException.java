package dev.cairn.crypto;

/// A key, a ciphertext or a shared secret that must not be used, or a primitive that this platform
/// does not have. Never carries secret bytes.
public final class CryptoException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public CryptoException(String message) {
    super(message);
  }

  public CryptoException(String message, Throwable cause) {
    super(message, cause);
  }
}
