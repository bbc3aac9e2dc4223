package dev.cairn.libp2p.swarm;

import dev.cairn.libp2p.identify.IdentifyMessage;
import dev.cairn.libp2p.limits.ConnectionGate;
import dev.cairn.libp2p.limits.StreamGate;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/// One upgraded connection with what the host keeps for it. Shared by many threads; the mutable
/// fields are volatile, each written by one thread at a time.
public final class PeerConnection implements AutoCloseable {

  private final Connection connection;
  private final ConnectionGate.Permit permit;
  private final long openedNanos;
  private final StreamGate inboundStreams;
  private final AtomicInteger streams = new AtomicInteger();
  private final ReentrantLock learning = new ReentrantLock();
  private long heardSequence = Long.MIN_VALUE;
  private volatile List<String> protocols = List.of();
  private volatile List<Multiaddr> addresses = List.of();
  private volatile String agent = "";
  private volatile Optional<Duration> roundTrip = Optional.empty();

  PeerConnection(
      Connection connection,
      ConnectionGate.Permit permit,
      long openedNanos,
      int inboundStreamsMax) {
    this.connection = connection;
    this.permit = permit;
    this.openedNanos = openedNanos;
    this.inboundStreams = new StreamGate(inboundStreamsMax);
  }

  public Connection connection() {
    return connection;
  }

  public PeerId peer() {
    return connection.remotePeer();
  }

  public boolean outbound() {
    return connection.outbound();
  }

  public boolean closed() {
    return connection.closed();
  }

  /// When the upgrade was done, on the monotonic clock.
  public long openedNanos() {
    return openedNanos;
  }

  /// Inbound streams of this peer against its limit.
  public StreamGate inboundStreams() {
    return inboundStreams;
  }

  /// Open streams in both directions, for the choice of what to prune.
  public AtomicInteger streams() {
    return streams;
  }

  /// What the peer serves; empty until identify is done.
  public List<String> protocols() {
    return protocols;
  }

  /// Where the peer says that it listens.
  public List<Multiaddr> addresses() {
    return addresses;
  }

  /// The name of its software; empty until identify is done.
  public String agent() {
    return agent;
  }

  /// The last measured round trip.
  public Optional<Duration> roundTrip() {
    return roundTrip;
  }

  /// Takes over what the peer has said of itself; what is absent or empty stays. True when the
  /// protocols have changed.
  ///
  /// @param sequence of the signed record in it. The answer to identify and a push come on streams
  ///   of their own, so the older of two may come last: it changes nothing
  public boolean learn(IdentifyMessage message, List<Multiaddr> listening, OptionalLong sequence) {
    learning.lock();
    try {
      if (sequence.isPresent() && sequence.getAsLong() < heardSequence) {
        return false;
      }
      heardSequence = sequence.orElse(heardSequence);
      List<String> before = protocols;
      if (!message.protocols().isEmpty()) {
        protocols = message.protocols().stream().distinct().toList();
      }
      if (!listening.isEmpty()) {
        addresses = List.copyOf(listening);
      }
      agent = message.agent().orElse(agent);
      return !before.equals(protocols);
    } finally {
      learning.unlock();
    }
  }

  /// Takes over a measured round trip.
  public void roundTrip(Duration measured) {
    roundTrip = Optional.of(measured);
  }

  @Override
  public void close() {
    connection.close();
    permit.close();
  }
}
