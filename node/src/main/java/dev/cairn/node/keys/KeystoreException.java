package dev.cairn.node.keys;

/// A key file that cannot be read, opened or written. The message is for a person and holds no
/// secret.
public final class KeystoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public KeystoreException(String message) {
    super(message, null, false, false);
  }
}
