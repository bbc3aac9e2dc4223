package dev.cairn.core.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The peers that blocks can be asked of, with what each claims and how it has behaved. Bounded; a
/// peer is forgotten when it goes.
///
/// Owner: the [SyncMachine].
final class SyncPeers {

  /// Peers kept track of; more are not asked.
  static final int PEERS_MAX = 1_024;

  private static final class Peer {
    private long height;
    private int inFlight;
    private int failures;
    private long notBefore = Long.MIN_VALUE;
  }

  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final SyncParams params;

  SyncPeers(SyncParams params) {
    this.params = params;
  }

  void claims(String name, long height) {
    Peer peer = peers.get(name);
    if (peer == null) {
      if (peers.size() >= PEERS_MAX) {
        return;
      }
      peer = new Peer();
      peers.put(name, peer);
    }
    peer.height = height;
  }

  /// What a peer claims; 0 of one that is not known.
  long height(String name) {
    Peer peer = peers.get(name);
    return peer == null ? 0 : peer.height;
  }

  /// Whether a peer's claim counts at `nanos`, as that of one not known yet does.
  boolean believed(String name, long nanos) {
    Peer peer = peers.get(name);
    return peer == null || believed(peer, nanos);
  }

  private static boolean believed(Peer peer, long nanos) {
    return peer.failures < DOUBTED_FAILURES || ready(peer, nanos);
  }

  void gone(String name) {
    peers.remove(name);
  }

  /// The highest claim of the peers that are believed at `nanos`: those that were left alone for
  /// failing often are believed again when they may be asked again.
  long heightMax(long nanos) {
    long max = 0;
    for (Peer peer : peers.values()) {
      if (believed(peer, nanos)) {
        max = Math.max(max, peer.height);
      }
    }
    return max;
  }

  /// A peer that fails this often in a row does not make this node think that it is behind.
  private static final int DOUBTED_FAILURES = 3;

  /// Those that may be asked for `height` now, the least busy first, then the longest known.
  List<String> eligible(long height, long nanos) {
    List<String> names = new ArrayList<>();
    for (int busy = 0; busy < params.requestsPerPeerMax(); busy++) {
      for (Map.Entry<String, Peer> entry : peers.entrySet()) {
        Peer peer = entry.getValue();
        if (peer.inFlight == busy && peer.height >= height && ready(peer, nanos)) {
          names.add(entry.getKey());
        }
      }
    }
    return names;
  }

  private static boolean ready(Peer peer, long nanos) {
    return peer.notBefore == Long.MIN_VALUE || peer.notBefore - nanos <= 0;
  }

  void asked(String name) {
    Peer peer = peers.get(name);
    if (peer != null) {
      peer.inFlight++;
    }
  }

  void answered(String name) {
    Peer peer = peers.get(name);
    if (peer != null) {
      peer.inFlight--;
    }
  }

  void served(String name) {
    Peer peer = peers.get(name);
    if (peer != null) {
      peer.failures = 0;
      peer.notBefore = Long.MIN_VALUE;
    }
  }

  /// Leaves the peer alone for a time that doubles with each failure in a row.
  void failed(String name, long nanos) {
    Peer peer = peers.get(name);
    if (peer != null) {
      long wait = params.backoffMin().toNanos() << Math.min(peer.failures, 20);
      peer.failures++;
      peer.notBefore = nanos + Math.min(wait, params.backoffMax().toNanos());
    }
  }

  /// Leaves a liar alone for as long as this node ever does.
  void lied(String name, long nanos) {
    Peer peer = peers.get(name);
    if (peer != null) {
      peer.failures = Math.max(peer.failures, DOUBTED_FAILURES);
      peer.notBefore = nanos + params.backoffMax().toNanos();
    }
  }

  /// Lowers a claim that proved empty.
  void lower(String name, long height) {
    Peer peer = peers.get(name);
    if (peer != null) {
      peer.height = Math.min(peer.height, height);
    }
  }

  /// When the next peer that claims more than `height` may be asked again; [Long#MAX_VALUE] when
  /// none waits.
  long nextReadyNanos(long height, long nanos) {
    long next = Long.MAX_VALUE;
    for (Peer peer : peers.values()) {
      if (peer.height > height && !ready(peer, nanos)) {
        next = Math.min(next, peer.notBefore);
      }
    }
    return next;
  }
}
