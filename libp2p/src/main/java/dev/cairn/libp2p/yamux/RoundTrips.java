package dev.cairn.libp2p.yamux;

import java.util.LinkedHashMap;
import java.util.Optional;

/// The pings that wait for their answer. Under the connection's lock.
final class RoundTrips {

  /// Pings under way at once.
  static final int WAITING_MAX = 64;

  /// A round trip measured longer ago than this is measured again while data flows.
  static final long STALE_NANOS = 10_000_000_000L;

  /// One ping: `nanos` is below zero until it is answered.
  static final class Probe {
    final int value;
    final long sentNanos;
    long nanos = -1;

    Probe(int value, long sentNanos) {
      this.value = value;
      this.sentNanos = sentNanos;
    }
  }

  private final LinkedHashMap<Integer, Probe> waiting = new LinkedHashMap<>();
  private int next;
  private long lastNanos;
  private boolean measured;

  /// Begins a ping; empty when too many are under way.
  Optional<Probe> begin(long nowNanos) {
    if (waiting.size() >= WAITING_MAX) {
      return Optional.empty();
    }
    Probe probe = new Probe(next++, nowNanos);
    waiting.put(probe.value, probe);
    measured = true;
    lastNanos = nowNanos;
    return Optional.of(probe);
  }

  /// An answer; empty when nobody asked for it.
  Optional<Probe> end(int value, long nowNanos) {
    Probe probe = waiting.remove(value);
    if (probe == null) {
      return Optional.empty();
    }
    probe.nanos = Math.max(0, nowNanos - probe.sentNanos);
    return Optional.of(probe);
  }

  void forget(Probe probe) {
    waiting.remove(probe.value);
  }

  /// Whether the round trip is unknown or old and no ping is under way.
  boolean stale(long nowNanos) {
    return waiting.isEmpty() && (!measured || nowNanos - lastNanos > STALE_NANOS);
  }
}
