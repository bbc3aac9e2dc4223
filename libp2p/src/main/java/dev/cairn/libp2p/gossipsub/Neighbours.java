package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.peer.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The peers that speak gossipsub with us, and the link to each.
///
/// A peer is there while the host is connected to it or a stream from it is open: a stream may come
/// before the host has told of the peer, and one of a new connection before the end of the old
/// connection is told. A second stream from a peer means that it began anew, so what it had said on
/// the first no longer holds.
///
/// Guarded by its own lock, under which inputs are handed to the machine so that they keep their
/// order; links may be looked up without it.
final class Neighbours {

  private static final class Neighbour {
    PeerLink link;
    boolean connected;
    boolean heard;
    boolean givenUp;
    @Nullable Stream inbound;

    Neighbour(PeerLink link) {
      this.link = link;
    }
  }

  private final Host host;
  private final List<String> protocols;
  private final GossipMetrics metrics;
  private final Consumer<GossipInput> machine;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PeerId, Neighbour> neighbours = new HashMap<>();
  private final Map<PeerId, PeerLink> links = new ConcurrentHashMap<>();
  private boolean closed;

  /// @param protocols those that are spoken, the best first
  /// @param machine takes inputs without blocking
  Neighbours(
      Host host, List<String> protocols, GossipMetrics metrics, Consumer<GossipInput> machine) {
    this.host = host;
    this.protocols = List.copyOf(protocols);
    this.metrics = metrics;
    this.machine = machine;
  }

  /// The link to a peer that is there.
  Optional<PeerLink> link(PeerId peer) {
    return Optional.ofNullable(links.get(peer));
  }

  void event(PeerEvent event) {
    switch (event) {
      case PeerEvent.Connected(PeerId peer, boolean outbound, List<String> spoken) ->
          connected(peer, spoken);
      case PeerEvent.ProtocolsChanged(PeerId peer, List<String> spoken) -> connected(peer, spoken);
      case PeerEvent.Disconnected(PeerId peer) -> disconnected(peer);
    }
  }

  private void connected(PeerId peer, List<String> spoken) {
    Optional<String> best = protocols.stream().filter(spoken::contains).findFirst();
    if (best.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      Neighbour neighbour = neighbours.get(peer);
      if (neighbour == null) {
        neighbour = join(peer, best.get());
      }
      neighbour.connected = true;
    } finally {
      lock.unlock();
    }
  }

  private void disconnected(PeerId peer) {
    lock.lock();
    try {
      Neighbour neighbour = neighbours.get(peer);
      if (neighbour != null) {
        neighbour.connected = false;
        if (neighbour.inbound == null) {
          leave(peer, neighbour);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// A stream from a peer; an earlier one is reset.
  void opened(Stream stream) {
    PeerId peer = stream.peer();
    lock.lock();
    try {
      Neighbour neighbour = neighbours.get(peer);
      if (neighbour == null) {
        neighbour = join(peer, stream.protocol());
      } else if (neighbour.heard) {
        if (neighbour.givenUp) {
          neighbour.givenUp = false;
          neighbour.link = newLink(peer);
          admit(peer, stream.protocol(), neighbour.link);
        } else {
          machine.accept(new GossipInput.Restarted(peer));
        }
      }
      if (neighbour.inbound != null) {
        neighbour.inbound.reset();
      }
      neighbour.heard = true;
      neighbour.inbound = stream;
    } finally {
      lock.unlock();
    }
  }

  void ended(Stream stream) {
    lock.lock();
    try {
      Neighbour neighbour = neighbours.get(stream.peer());
      if (neighbour != null && stream.equals(neighbour.inbound)) {
        neighbour.inbound = null;
        if (!neighbour.connected) {
          leave(stream.peer(), neighbour);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Neighbour join(PeerId peer, String protocol) {
    PeerLink link = newLink(peer);
    Neighbour neighbour = new Neighbour(link);
    neighbours.put(peer, neighbour);
    admit(peer, protocol, link);
    return neighbour;
  }

  private PeerLink newLink(PeerId peer) {
    Outbox outbox = new Outbox(Outbox.BYTES_MAX, metrics);
    return new PeerLink(host, peer, protocols, outbox, this::reopened, this::givenUp);
  }

  /// The link is there before the machine hears of the peer: another thread performs what the
  /// machine says to it at once, its topics above all, and would find nobody to send that to.
  private void admit(PeerId peer, String protocol, PeerLink link) {
    if (closed) {
      return;
    }
    links.put(peer, link);
    machine.accept(joined(peer, protocol));
    link.start();
  }

  private GossipInput joined(PeerId peer, String protocol) {
    boolean outbound = host.info(peer).map(PeerInfo::outbound).orElse(false);
    return new GossipInput.Joined(peer, outbound, protocol.equals(protocols.getFirst()));
  }

  private void leave(PeerId peer, Neighbour neighbour) {
    neighbours.remove(peer);
    links.remove(peer);
    neighbour.link.close();
    machine.accept(new GossipInput.Left(peer));
  }

  /// Whose link this is; null when another has taken its place, since a link's thread may come here
  /// after that.
  private @Nullable Neighbour current(PeerLink link) {
    Neighbour neighbour = neighbours.get(link.peer());
    return neighbour != null && neighbour.link.equals(link) ? neighbour : null;
  }

  void reopened(PeerLink link) {
    lock.lock();
    try {
      if (current(link) != null) {
        machine.accept(new GossipInput.Reopened(link.peer()));
      }
    } finally {
      lock.unlock();
    }
  }

  void givenUp(PeerLink link) {
    lock.lock();
    try {
      Neighbour neighbour = current(link);
      if (neighbour != null) {
        neighbour.givenUp = true;
        links.remove(link.peer());
        machine.accept(new GossipInput.Left(link.peer()));
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      for (Neighbour neighbour : neighbours.values()) {
        neighbour.link.close();
        if (neighbour.inbound != null) {
          neighbour.inbound.reset();
        }
      }
      neighbours.clear();
      links.clear();
    } finally {
      lock.unlock();
    }
  }
}
