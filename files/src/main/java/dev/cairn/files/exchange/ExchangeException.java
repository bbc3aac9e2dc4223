package dev.cairn.files.exchange;

import java.io.IOException;

/// Why a download ended without all of its blocks, for a person.
public final class ExchangeException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean missing;

  /// @param message names the DAG and what is missing or wrong
  public ExchangeException(String message) {
    this(message, false);
  }

  /// @param missing whether nothing is wrong but that nobody gave it
  public ExchangeException(String message, boolean missing) {
    super(message);
    this.missing = missing;
  }

  /// Whether nobody gave it, as opposed to content that is wrong or cannot be kept.
  public boolean isMissing() {
    return missing;
  }
}
