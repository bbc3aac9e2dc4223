package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Peers that are to be asked whether they answer, a few at a time. Owner: its [Operations].
final class Probes {

  /// Probes in flight.
  static final int RUNNING_MAX = 32;

  /// Peers that wait to be probed; of further ones the first are forgotten.
  static final int WAITING_MAX = 512;

  private final LinkedHashMap<PeerId, PeerAddresses> waiting = new LinkedHashMap<>();
  private final Set<PeerId> running = new LinkedHashSet<>();

  void add(PeerAddresses peer) {
    if (!running.contains(peer.peer())) {
      waiting.put(peer.peer(), peer);
      if (waiting.size() > WAITING_MAX) {
        waiting.pollFirstEntry();
      }
    }
  }

  /// The next one to be probed now; it counts as running until [#settled].
  Optional<PeerAddresses> next() {
    if (running.size() >= RUNNING_MAX || waiting.isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<PeerId, PeerAddresses> first = waiting.pollFirstEntry();
    running.add(first.getKey());
    return Optional.of(first.getValue());
  }

  void settled(PeerId peer) {
    running.remove(peer);
  }
}
