package dev.cairn.files.car;

import java.io.IOException;

/// An archive that is damaged, cut short, or not one at all. The message is a sentence for a
/// person.
public final class CarException extends IOException {

  private static final long serialVersionUID = 1;

  public CarException(String message) {
    super(message);
  }

  public CarException(String message, Throwable cause) {
    super(message, cause);
  }
}
