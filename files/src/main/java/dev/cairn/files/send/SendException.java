package dev.cairn.files.send;

/// Something about sending that cannot be done, in one sentence for a person.
public final class SendException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SendException(String message) {
    super(message, null, false, false);
  }

  /// The sentence; never null.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
