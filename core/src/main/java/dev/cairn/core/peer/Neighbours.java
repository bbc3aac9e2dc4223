package dev.cairn.core.peer;

import dev.cairn.core.sync.BlockRequest;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The connected peers: whose status to ask next, and the single blocks that were asked of them.
/// Bounded; a peer is forgotten when it goes.
///
/// Owner: the [PeerMachine].
final class Neighbours {

  /// Single blocks asked for at a time; the engine asks again for what it still needs.
  static final int FETCHES_MAX = 32;

  /// The least time between two statuses asked of one peer, however often it seems to be ahead.
  private static final long STATUS_PAUSE_NANOS = 100_000_000L;

  private static final class Peer {
    private long statusAskedNanos = Long.MIN_VALUE;
  }

  private record Fetch(Cid block, String peer, long sentNanos) {}

  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Map<Long, Fetch> fetches = new LinkedHashMap<>();
  private final long statusNanos;
  private final long fetchNanos;
  private long nextStatusNanos = Long.MAX_VALUE;

  /// Requests of the sync machine count upwards from 1, these downwards from -1.
  private long lastRequestId;

  Neighbours(PeerParams params) {
    this.statusNanos = params.statusInterval().toNanos();
    this.fetchNanos = params.sync().requestTimeout().toNanos();
  }

  void joined(String name, long nanos, Consumer<? super PeerEffect> out) {
    if (peers.size() >= PeerParams.PEERS_MAX || peers.putIfAbsent(name, new Peer()) != null) {
      return;
    }
    if (nextStatusNanos == Long.MAX_VALUE) {
      nextStatusNanos = nanos + statusNanos;
    }
    askStatus(name, nanos, out);
  }

  void gone(String name) {
    peers.remove(name);
    fetches.values().removeIf(fetch -> fetch.peer().equals(name));
    if (peers.isEmpty()) {
      nextStatusNanos = Long.MAX_VALUE;
    }
  }

  boolean knows(String name) {
    return peers.containsKey(name);
  }

  /// Asks how far a peer is, unless it was asked a moment ago.
  void askStatus(String name, long nanos, Consumer<? super PeerEffect> out) {
    Peer peer = peers.get(name);
    if (peer == null
        || (peer.statusAskedNanos != Long.MIN_VALUE
            && nanos - peer.statusAskedNanos < STATUS_PAUSE_NANOS)) {
      return;
    }
    peer.statusAskedNanos = nanos;
    out.accept(new PeerEffect.RequestStatus(name));
  }

  /// Asks for one block, best of the peer named.
  void fetch(Cid block, String preferred, long nanos, Consumer<? super PeerEffect> out) {
    List<Long> late = new ArrayList<>();
    for (Map.Entry<Long, Fetch> entry : fetches.entrySet()) {
      if (nanos - entry.getValue().sentNanos() >= fetchNanos) {
        late.add(entry.getKey());
      }
    }
    late.forEach(fetches::remove);
    Optional<String> peer = peers.containsKey(preferred) ? Optional.of(preferred) : next();
    if (peer.isEmpty() || fetches.size() >= FETCHES_MAX) {
      return;
    }
    Fetch fetch = new Fetch(block, peer.get(), nanos);
    for (Fetch other : fetches.values()) {
      if (other.block().equals(block) && other.peer().equals(fetch.peer())) {
        return;
      }
    }
    fetches.put(--lastRequestId, fetch);
    out.accept(new PeerEffect.RequestBlocks(lastRequestId, peer.get(), new BlockRequest(block)));
  }

  /// Ends a fetch; the block that was asked for, when this request was one.
  Optional<Cid> fetched(long requestId, String peer) {
    Fetch fetch = fetches.get(requestId);
    if (fetch == null || !fetch.peer().equals(peer)) {
      return Optional.empty();
    }
    fetches.remove(requestId);
    return Optional.of(fetch.block());
  }

  /// The peer whose turn it is; its next turn comes after all the others'.
  private Optional<String> next() {
    if (peers.isEmpty()) {
      return Optional.empty();
    }
    String name = peers.keySet().iterator().next();
    Peer peer = peers.remove(name);
    if (peer != null) {
      peers.put(name, peer);
    }
    return Optional.of(name);
  }

  long deadlineNanos() {
    return nextStatusNanos;
  }

  void tick(long nanos, Consumer<? super PeerEffect> out) {
    if (nanos < nextStatusNanos) {
      return;
    }
    nextStatusNanos = nanos + statusNanos;
    next().ifPresent(name -> askStatus(name, nanos, out));
  }
}
