package dev.cairn.libp2p.host;

import dev.cairn.libp2p.limits.ProtocolGate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// What a host serves.
final class Protocols {

  /// A protocol's handler with the count of its streams.
  record Served(StreamHandler handler, ProtocolGate gate) {}

  private final Map<String, Served> served = new ConcurrentSkipListMap<>();

  void add(String protocol, StreamHandler handler, StreamLimits limits) {
    if (protocol.isBlank() || protocol.contains("\n")) {
      throw new IllegalArgumentException("protocol name: " + protocol);
    }
    served.put(protocol, new Served(handler, new ProtocolGate(limits.perPeer(), limits.total())));
  }

  void remove(String protocol) {
    served.remove(protocol);
  }

  Optional<Served> get(String protocol) {
    return Optional.ofNullable(served.get(protocol));
  }

  boolean contains(String protocol) {
    return served.containsKey(protocol);
  }

  /// All names, sorted.
  List<String> names() {
    return List.copyOf(served.keySet());
  }
}
