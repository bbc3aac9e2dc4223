package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// A topic that someone here uses. Only the application makes one, never a peer. Owner: the
/// machine.
final class TopicState {

  final TopicParams params;
  final long mark;
  boolean subscribed;

  /// The peers that take part in it.
  final Set<PeerState> peers = new LinkedHashSet<>();

  /// Those of them that get every message from us and send us every message.
  final Set<PeerState> mesh = new LinkedHashSet<>();

  /// Where our messages go while we take no part ourselves.
  final Set<PeerState> fanout = new LinkedHashSet<>();

  long fanoutUntilNanos;

  /// Until when a peer is not to be grafted, nor may graft us; it outlives the peer's stay.
  private final Map<PeerId, Long> backoffs = new LinkedHashMap<>();

  TopicState(TopicParams params) {
    this.params = params;
    this.mark = TopicMarks.mark(params.topic());
  }

  String name() {
    return params.topic();
  }

  void remove(PeerState peer) {
    peers.remove(peer);
    mesh.remove(peer);
    fanout.remove(peer);
  }

  /// Begins a backoff, or makes a present one longer.
  void backOff(PeerId peer, long untilNanos, int max) {
    Long before = backoffs.remove(peer);
    if (backoffs.size() >= max) {
      Iterator<PeerId> oldest = backoffs.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    backoffs.put(peer, before == null ? untilNanos : Math.max(before, untilNanos));
  }

  boolean backsOff(PeerId peer, long nanos) {
    Long until = backoffs.get(peer);
    return until != null && nanos < until;
  }

  void forgetBackoffs(long beforeNanos) {
    backoffs.values().removeIf(until -> until <= beforeNanos);
  }

  int backoffCount() {
    return backoffs.size();
  }
}
