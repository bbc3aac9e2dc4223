package dev.cairn.files.bitswap;

import java.util.List;

/// The versions of Bitswap that are spoken.
enum Version {
  /// Adds HAVE and DONT_HAVE.
  V120("/ipfs/bitswap/1.2.0"),
  /// Adds CIDv1.
  V110("/ipfs/bitswap/1.1.0"),
  V100("/ipfs/bitswap/1.0.0");

  /// The protocols, the best first.
  static final List<String> PROTOCOLS = List.of(V120.protocol, V110.protocol, V100.protocol);

  private final String protocol;

  Version(String protocol) {
    this.protocol = protocol;
  }

  String protocol() {
    return protocol;
  }

  static Version of(String protocol) {
    for (Version version : values()) {
      if (version.protocol.equals(protocol)) {
        return version;
      }
    }
    throw new IllegalArgumentException("not a version of Bitswap: " + protocol);
  }

  /// Whether want-haves and presences are understood.
  boolean presences() {
    return this == V120;
  }
}
