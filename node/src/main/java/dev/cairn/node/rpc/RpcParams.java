package dev.cairn.node.rpc;

import java.time.Duration;

/// The limits of the HTTP side.
///
/// @param host the address to listen on
/// @param port 0 for any that is free
/// @param bodyBytesMax a request's body; a batch of the largest transactions fits
/// @param connectionsMax open at once
/// @param requestsMax handled at once, those included that wait for a transaction to be final; one
///   more is answered with 503 and its connection closed
/// @param receiveBufferBytes what the system holds of a request that is not read yet; an archive
///   comes in pieces of 8 KiB, and with the usual buffer each of them would stop and start its
///   sender
/// @param readTimeout how long a request may keep its reader waiting
public record RpcParams(
    String host,
    int port,
    int bodyBytesMax,
    int connectionsMax,
    int requestsMax,
    int receiveBufferBytes,
    Duration readTimeout) {

  public static RpcParams at(String host, int port) {
    return new RpcParams(host, port, 4 << 20, 256, 128, 2 << 20, Duration.ofSeconds(20));
  }
}
