package dev.cairn.core.chainspec;

/// A chain spec that this program cannot run, with a sentence for the person who wrote it.
public final class ChainSpecException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ChainSpecException(String message) {
    super(message);
  }
}
