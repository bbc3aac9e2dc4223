package dev.cairn.libp2p.swarm;

import dev.cairn.libp2p.limits.ConnectionGate;
import dev.cairn.libp2p.limits.Limits;
import dev.cairn.libp2p.limits.SwarmParams;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.Transport;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.libp2p.upgrade.MuxedStream;
import dev.cairn.libp2p.upgrade.Upgrader;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The connections of a host: listens, accepts, dials, and keeps one connection for each peer.
///
/// Threads, all virtual: one for each listener, one for each inbound upgrade, one for each
/// connection that accepts its streams.
public final class Swarm implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Swarm.class.getName());

  /// The wait after an accept that failed, such as one without a file descriptor left: the loop
  /// must neither end nor spin.
  private static final long ACCEPT_RETRY_MILLIS = 100;

  private final PeerId self;
  private final Upgrader upgrader;
  private final Limits limits;
  private final SwarmParams params;
  private final Clock clock;
  private final Counters counters;
  private final SwarmOwner owner;
  private final ConnectionGate gate;
  private final Registry registry;
  private final Dialer dialer;
  private final Pruner pruner;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<PeerId, CountDownLatch> dialling = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  public Swarm(
      PeerId self,
      Upgrader upgrader,
      List<Transport> transports,
      Limits limits,
      SwarmParams params,
      Clock clock,
      Counters counters,
      SwarmOwner owner) {
    this.self = self;
    this.upgrader = upgrader;
    this.limits = limits;
    this.params = params;
    this.clock = clock;
    this.counters = counters;
    this.owner = owner;
    this.gate = new ConnectionGate(limits);
    this.registry = new Registry(self, params.simultaneous(), owner);
    this.dialer = new Dialer(transports, upgrader, gate, limits, counters, clock);
    this.pruner = new Pruner(limits, clock);
  }

  /// Starts to listen; returns the address with the port that was given.
  public Multiaddr listen(Multiaddr address) throws IOException {
    Listener listener = dialer.transport(address).listen(address);
    listeners.add(listener);
    if (closed()) {
      listener.close();
      throw new IOException("the host is closed");
    }
    Thread.ofVirtual().name("accept " + listener.address()).start(() -> accept(listener));
    return listener.address();
  }

  /// Where this swarm listens, as bound: unspecified addresses included.
  public List<Multiaddr> listening() {
    return listeners.stream().map(Listener::address).toList();
  }

  private void accept(Listener listener) {
    while (!closed()) {
      try {
        welcome(listener.accept());
      } catch (IOException e) {
        if (closed()) {
          return;
        }
        LOG.log(Level.WARNING, "cannot accept on {0}: {1}", listener.address(), e.getMessage());
        if (pause(ACCEPT_RETRY_MILLIS)) {
          return;
        }
      }
    }
  }

  private boolean pause(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /// Asks for a place before anything is read: a flood costs an accept and a close each.
  private void welcome(Link link) {
    Optional<ConnectionGate.Permit> permit = gate.inbound(link.remote());
    if (permit.isEmpty()) {
      counters.connectionsRefused.increment();
      link.close();
      return;
    }
    Thread.ofVirtual().name("upgrade").start(() -> upgrade(link, permit.get()));
  }

  private void upgrade(Link link, ConnectionGate.Permit permit) {
    try {
      Connection connection = upgrader.inbound(new CountingLink(link, counters));
      permit.established();
      admit(connection, permit);
    } catch (IOException | RuntimeException e) {
      counters.upgradesFailed.increment();
      LOG.log(Level.DEBUG, "no connection from {0}: {1}", link.remote(), e.getMessage());
      link.close();
      permit.close();
    }
  }

  /// Connects to a peer unless it is connected already. Calls for one peer at the same time share
  /// one dial.
  public PeerConnection connect(PeerId peer, List<Multiaddr> addresses) throws IOException {
    while (true) {
      Optional<PeerConnection> existing = connection(peer);
      if (existing.isPresent()) {
        return existing.get();
      }
      CountDownLatch mine = new CountDownLatch(1);
      CountDownLatch other = dialling.putIfAbsent(peer, mine);
      if (other == null) {
        try {
          return dial(Optional.of(peer), addresses);
        } finally {
          dialling.remove(peer);
          mine.countDown();
        }
      }
      awaitDial(other);
      if (connection(peer).isEmpty() && addresses.isEmpty()) {
        throw new IOException("cannot connect to " + peer);
      }
    }
  }

  private static void awaitDial(CountDownLatch other) throws IOException {
    try {
      other.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while another dial was under way", e);
    }
  }

  /// Connects to whoever answers.
  public PeerConnection connect(Multiaddr address) throws IOException {
    return dial(Optional.empty(), List.of(address));
  }

  private PeerConnection dial(Optional<PeerId> expected, List<Multiaddr> addresses)
      throws IOException {
    if (closed()) {
      throw new IOException("the host is closed");
    }
    if (expected.equals(Optional.of(self))) {
      throw new IOException("a host does not dial itself");
    }
    Dialer.Dialled dialled = dialer.dial(expected, addresses, params.dialTimeout());
    return admit(dialled.connection(), dialled.permit());
  }

  private PeerConnection admit(Connection connection, ConnectionGate.Permit permit)
      throws IOException {
    PeerConnection fresh =
        new PeerConnection(connection, permit, clock.now().nanos(), limits.streamsPerPeer());
    if (connection.remotePeer().equals(self)) {
      fresh.close();
      throw new IOException("a host does not connect to itself");
    }
    Optional<Registry.Admission> admission = registry.admit(fresh);
    if (admission.isEmpty()) {
      fresh.close();
      throw new IOException("the host is closed");
    }
    counters.connectionsOpened.increment();
    Thread.ofVirtual().name("streams " + fresh.peer()).start(() -> serve(fresh));
    admission.get().retired().ifPresent(this::retire);
    prune();
    return admission.get().use();
  }

  private void serve(PeerConnection connection) {
    try {
      while (true) {
        MuxedStream stream = connection.connection().accept();
        owner.stream(connection, stream);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "{0} has gone: {1}", connection.peer(), e.getMessage());
    } finally {
      connection.close();
      registry.remove(connection);
    }
  }

  /// The other side may be about to use the connection that lost; it gets time to see the winner.
  private void retire(PeerConnection loser) {
    Thread.ofVirtual()
        .name("retire " + loser.peer())
        .start(
            () -> {
              boolean ended = pause(params.retire().toMillis());
              if (ended || registry.isSpare(loser)) {
                loser.close();
              }
            });
  }

  private void prune() {
    for (PeerConnection least : pruner.leastUseful(registry.all())) {
      counters.connectionsPruned.increment();
      LOG.log(Level.DEBUG, "{0} pruned: too many connections", least.peer());
      least.close();
    }
  }

  /// The connection in use for a peer.
  public Optional<PeerConnection> connection(PeerId peer) {
    return registry.get(peer).filter(connection -> !connection.closed());
  }

  /// The connections in use, the oldest first.
  public List<PeerConnection> connections() {
    return registry.all();
  }

  public ConnectionGate gate() {
    return gate;
  }

  public Pruner pruner() {
    return pruner;
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  /// Stops to listen and closes every connection.
  @Override
  public void close() {
    closing.countDown();
    listeners.forEach(Listener::close);
    registry.close().forEach(PeerConnection::close);
  }
}
