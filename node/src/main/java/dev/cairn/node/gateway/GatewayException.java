package dev.cairn.node.gateway;

/// A request that ends with an HTTP status other than the one it hoped for.
final class GatewayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  /// @param message one sentence for a person
  GatewayException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  /// The sentence; never null.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
