package dev.cairn.libp2p.kad;

/// Whether this node serves the DHT (kad-dht, "Client and server mode").
public enum KadMode {
  /// Asks only: it neither advertises nor serves the protocol, and is in nobody's table.
  CLIENT,
  /// Asks and serves; for nodes that others can reach.
  SERVER
}
