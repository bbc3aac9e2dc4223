package dev.cairn.node;

/// A node that cannot start or go on. The message is one sentence for its operator: what is wrong
/// and what to do.
public final class NodeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NodeException(String message) {
    super(message, null, false, false);
  }
}
