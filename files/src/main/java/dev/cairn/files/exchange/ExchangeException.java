package dev.cairn.files.exchange;

import java.io.IOException;

/// Why a download ended without all of its blocks, for a person.
public final class ExchangeException extends IOException {

  private static final long serialVersionUID = 1L;

  /// @param message names the DAG and what is missing or wrong
  public ExchangeException(String message) {
    super(message);
  }
}
