package dev.cairn.core.ledger;

/// The ledger cannot go on: its store is damaged or belongs to another chain. The message is for a
/// person.
public final class LedgerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LedgerException(String message) {
    super(message);
  }

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
