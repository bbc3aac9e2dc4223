package dev.cairn.libp2p.host;

import dev.cairn.libp2p.identify.IdentifyMessage;
import dev.cairn.libp2p.limits.StreamGate;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.ping.Ping;
import dev.cairn.libp2p.swarm.Counters;
import dev.cairn.libp2p.swarm.PeerConnection;
import dev.cairn.libp2p.swarm.Swarm;
import dev.cairn.libp2p.swarm.SwarmOwner;
import dev.cairn.libp2p.transport.Transport;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.libp2p.upgrade.MuxedStream;
import dev.cairn.libp2p.upgrade.Upgrader;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A host over real transports. It serves identify, identify/push and ping from the start.
public final class Libp2pHost implements Host {

  private static final Logger LOG = System.getLogger(Libp2pHost.class.getName());

  /// One identify stream in flight a peer is the rule; a few more leave room for retries.
  private static final StreamLimits IDENTIFY_LIMITS = new StreamLimits(4, 256);

  /// The part of the heap that all connections together may fill with what waits to be read.
  private static final int HEAP_SHARE = 2;

  /// What a connection may hold on the smallest heap: two streams that are not read.
  private static final long CONNECTION_BYTES_MIN = 512 * 1024;

  private final Identity identity;
  private final HostParams params;
  private final Peerstore peerstore;
  private final Counters counters = new Counters();
  private final Deadlines deadlines = new Deadlines();
  private final Protocols protocols = new Protocols();
  private final PeerEventHub hub = new PeerEventHub();
  private final AtomicLong pushes = new AtomicLong();
  private final StreamGate streamGate;
  private final Streams streams;
  private final AdvertisedAddresses advertised;
  private final IdentifyService identify;
  private final Pusher pusher;
  private final Swarm swarm;

  /// Listens at once.
  ///
  /// @param peerstore what is known of peers already; it goes on being filled
  /// @throws IOException when one of the addresses cannot be listened on, such as a port in use
  public Libp2pHost(
      Identity identity,
      HostParams params,
      List<Transport> transports,
      Peerstore peerstore,
      Clock clock,
      SecureRandom random)
      throws IOException {
    this.identity = identity;
    this.params = params;
    this.peerstore = peerstore;
    this.streamGate = new StreamGate(params.limits().streams());
    this.streams = new Streams(protocols, streamGate, params.negotiation(), deadlines, counters);
    ObservedAddresses observed = new ObservedAddresses();
    this.swarm =
        new Swarm(
            identity.id(),
            new Upgrader(identity, params.upgrade().within(connectionBytes(params)), clock, random),
            transports,
            params.limits(),
            params.swarm(),
            clock,
            counters,
            new Owner());
    this.advertised =
        new AdvertisedAddresses(
            params.announce(), swarm::listening, new Interfaces(clock), observed);
    this.identify =
        new IdentifyService(
            identity,
            params,
            advertised::get,
            protocols::names,
            peerstore,
            observed,
            clock.now().wallMillis());
    this.pusher = new Pusher(this::announcement, this::push);
    serve();
    listen();
  }

  /// Peers decide how much waits to be read, so all of them at their worst have to fit the heap.
  private static long connectionBytes(HostParams params) {
    long all = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    return Math.max(CONNECTION_BYTES_MIN, all / params.limits().connections());
  }

  private void serve() {
    handle(IdentifyService.IDENTIFY, this::answerIdentify, IDENTIFY_LIMITS);
    handle(IdentifyService.PUSH, this::takePush, IDENTIFY_LIMITS);
    Ping.serve(this);
    pusher.start();
  }

  private void listen() throws IOException {
    try {
      for (Multiaddr address : params.listen()) {
        swarm.listen(address);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /// What the swarm tells.
  private final class Owner implements SwarmOwner {
    @Override
    public void connected(PeerConnection connection) {
      hub.up(connection);
      long before = pushes.get();
      Thread.ofVirtual().name("identify").start(() -> identify(connection, before));
    }

    @Override
    public void disconnected(PeerConnection connection) {
      hub.gone(connection);
    }

    @Override
    public void stream(PeerConnection connection, MuxedStream stream) {
      streams.accept(connection, stream);
    }
  }

  /// @param before the pushes so far when the connection came up: a later one has left it out,
  ///   because it was not known to take any, and the peer may have asked before the change
  private void identify(PeerConnection connection, long before) {
    try (Stream stream = streams.open(connection, List.of(IdentifyService.IDENTIFY), List.of())) {
      stream.expire(params.negotiation());
      identify.learn(connection, IdentifyService.read(stream.input()));
    } catch (IOException | MalformedException e) {
      LOG.log(Level.DEBUG, "identify of {0} failed: {1}", connection.peer(), e.getMessage());
    }
    hub.announce(connection);
    if (pushes.get() != before && takesPushes(connection)) {
      push(connection);
    }
    measure(connection);
  }

  private static void measure(PeerConnection connection) {
    try {
      connection.roundTrip(connection.connection().ping());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0} answers no ping: {1}", connection.peer(), e.getMessage());
    }
  }

  private void answerIdentify(Stream stream) throws IOException {
    stream.expire(params.negotiation());
    Optional<PeerConnection> connection = swarm.connection(stream.peer());
    if (connection.isPresent()) {
      identify.send(stream, connection.get().connection().remote());
    }
  }

  private void takePush(Stream stream) throws IOException {
    stream.expire(params.negotiation());
    IdentifyMessage message = IdentifyService.read(stream.input());
    Optional<PeerConnection> connection = swarm.connection(stream.peer());
    if (connection.isPresent() && identify.learn(connection.get(), message)) {
      hub.protocolsChanged(connection.get());
    }
  }

  /// What a push would tell, to see whether it has changed.
  private List<Object> announcement() {
    return List.of(addresses(), protocols.names());
  }

  private static boolean takesPushes(PeerConnection connection) {
    return connection.protocols().contains(IdentifyService.PUSH);
  }

  private void push() {
    pushes.incrementAndGet();
    for (PeerConnection connection : swarm.connections()) {
      if (takesPushes(connection)) {
        Thread.ofVirtual().name("push").start(() -> push(connection));
      }
    }
  }

  private void push(PeerConnection connection) {
    List<String> wanted = List.of(IdentifyService.PUSH);
    try (Stream stream = streams.open(connection, wanted, wanted)) {
      stream.expire(params.negotiation());
      identify.send(stream, connection.connection().remote());
      stream.input().readAllBytes();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no push to {0}: {1}", connection.peer(), e.getMessage());
    }
  }

  @Override
  public PeerId id() {
    return identity.id();
  }

  @Override
  public List<Multiaddr> addresses() {
    return advertised.get();
  }

  @Override
  public void connect(PeerId peer, List<Multiaddr> addresses) throws IOException {
    List<Multiaddr> all = new ArrayList<>();
    for (Multiaddr address : addresses) {
      Optional<String> named = address.value(Protocol.P2P);
      if (named.isEmpty() || peer(named.get()).equals(peer)) {
        all.add(bare(address));
      }
    }
    all.addAll(peerstore.addresses(peer));
    PeerConnection connection = swarm.connect(peer, all.stream().distinct().toList());
    remember(connection);
  }

  @Override
  public PeerId connect(Multiaddr address) throws IOException {
    Optional<String> named = address.value(Protocol.P2P);
    if (named.isPresent()) {
      PeerId peer = peer(named.get());
      connect(peer, List.of(address));
      return peer;
    }
    PeerConnection connection = swarm.connect(address);
    remember(connection);
    return connection.peer();
  }

  private static PeerId peer(String text) throws IOException {
    try {
      return PeerId.parse(text);
    } catch (MalformedException e) {
      throw new IOException("not a peer id: " + text + " (" + e.getMessage() + ")", e);
    }
  }

  private static Multiaddr bare(Multiaddr address) {
    return address.decapsulate(Protocol.P2P).orElse(address);
  }

  /// An address that answered is worth keeping; the far end of an inbound connection is not one.
  private void remember(PeerConnection connection) {
    if (connection.outbound()) {
      List<Multiaddr> proven = List.of(bare(connection.connection().remote()));
      peerstore.add(connection.peer(), proven, Peerstore.PROVEN_TTL);
    }
  }

  @Override
  public Stream open(PeerId peer, List<String> wanted) throws IOException {
    PeerConnection connection =
        swarm.connection(peer).orElseThrow(() -> new IOException("not connected to " + peer));
    return streams.open(connection, wanted, connection.protocols());
  }

  /// The connection in use for a peer, below the negotiation of protocols.
  Optional<Connection> connection(PeerId peer) {
    return swarm.connection(peer).map(PeerConnection::connection);
  }

  @Override
  public void handle(String protocol, StreamHandler handler, StreamLimits limits) {
    protocols.add(protocol, handler, limits);
    pusher.check();
  }

  @Override
  public void unhandle(String protocol) {
    protocols.remove(protocol);
    pusher.check();
  }

  @Override
  public List<PeerId> peers() {
    return swarm.connections().stream().map(PeerConnection::peer).toList();
  }

  @Override
  public Optional<PeerInfo> info(PeerId peer) {
    return swarm
        .connection(peer)
        .map(
            connection ->
                new PeerInfo(
                    peer,
                    connection.outbound(),
                    connection.connection().remote(),
                    connection.addresses(),
                    connection.protocols(),
                    connection.agent(),
                    connection.roundTrip()));
  }

  @Override
  public PeerEvents events() {
    return hub.subscribe();
  }

  @Override
  public void disconnect(PeerId peer, String reason) {
    swarm
        .connection(peer)
        .ifPresent(
            connection -> {
              LOG.log(Level.DEBUG, "{0} disconnected: {1}", peer, reason);
              connection.close();
            });
  }

  @Override
  public void protect(PeerId peer, String tag) {
    swarm.pruner().protect(peer, tag);
  }

  @Override
  public void unprotect(PeerId peer, String tag) {
    swarm.pruner().unprotect(peer, tag);
  }

  @Override
  public Peerstore peerstore() {
    return peerstore;
  }

  @Override
  public HostMetrics metrics() {
    List<PeerConnection> connections = swarm.connections();
    long outbound = connections.stream().filter(PeerConnection::outbound).count();
    return new HostMetrics(
        connections.size() - outbound,
        outbound,
        swarm.gate().negotiating(),
        streamGate.open(),
        counters.connectionsOpened.sum(),
        counters.streamsOpened.sum(),
        counters.bytesRead.sum(),
        counters.bytesWritten.sum(),
        counters.dials.sum(),
        counters.dialsFailed.sum(),
        counters.upgradesFailed.sum(),
        counters.connectionsRefused.sum(),
        counters.connectionsPruned.sum(),
        counters.streamsRefused.sum(),
        counters.handlersFailed.sum());
  }

  @Override
  public void close() {
    pusher.close();
    swarm.close();
    hub.close();
    deadlines.close();
  }
}
