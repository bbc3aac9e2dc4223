package dev.cairn.multiformats;

/// Bytes or text that are not what their format demands. Every decoder of this module throws this
/// and nothing else, whatever arrives.
public final class MalformedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// The message names what is wrong with the input, for a person who reads a log.
  public MalformedException(String message) {
    super(message);
  }

  /// For a format that is built on another one: the cause is the inner decoder's complaint.
  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
