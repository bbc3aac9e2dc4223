package dev.cairn.node.gateway;

/// The limits of the gateway.
///
/// @param requestsMax answered at once; one more is told to come again (503)
public record GatewayParams(int requestsMax) {

  public static final GatewayParams STANDARD = new GatewayParams(64);
}
