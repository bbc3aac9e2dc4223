package dev.cairn.core.state;

/// The stored state is not what its root says: the store is damaged, and the node must stop.
public final class StateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StateException(String message) {
    super(message);
  }
}
