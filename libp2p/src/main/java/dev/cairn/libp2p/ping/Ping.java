package dev.cairn.libp2p.ping;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// libp2p ping: 32 bytes that come back. At most one stream out and two in for each peer.
public final class Ping {

  public static final String PROTOCOL = "/ipfs/ping/1.0.0";
  public static final int PAYLOAD_BYTES = 32;

  private static final StreamLimits LIMITS = new StreamLimits(2, 256);

  /// An idle ping stream is dropped; whoever pings less often opens a new one.
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final Host host;
  private final Clock clock;
  private final RandomGenerator random;
  private final Set<PeerId> running = ConcurrentHashMap.newKeySet();

  public Ping(Host host, Clock clock, RandomGenerator random) {
    this.host = host;
    this.clock = clock;
    this.random = random;
  }

  /// Answers the pings of others.
  public static void serve(Host host) {
    host.handle(PROTOCOL, Ping::echo, LIMITS);
  }

  private static void echo(Stream stream) throws IOException {
    stream.deadline(IDLE);
    byte[] payload = new byte[PAYLOAD_BYTES];
    while (stream.input().readNBytes(payload, 0, PAYLOAD_BYTES) == PAYLOAD_BYTES) {
      stream.output().write(payload);
      stream.output().flush();
    }
  }

  /// Measures the round trip to a connected peer, the opening of a stream included.
  ///
  /// @throws IOException when the peer does not answer in time, answers with other bytes, or is
  ///   being pinged already
  public Duration ping(PeerId peer, Duration timeout) throws IOException {
    if (!running.add(peer)) {
      throw new IOException(peer + " is being pinged already");
    }
    try (Stream stream = host.open(peer, List.of(PROTOCOL))) {
      stream.expire(timeout);
      byte[] payload = new byte[PAYLOAD_BYTES];
      random.nextBytes(payload);
      long start = clock.now().nanos();
      stream.output().write(payload);
      stream.output().flush();
      byte[] echoed = stream.input().readNBytes(PAYLOAD_BYTES);
      long nanos = clock.now().nanos() - start;
      if (!Arrays.equals(payload, echoed)) {
        throw new IOException(peer + " answers a ping with other bytes");
      }
      return Duration.ofNanos(nanos);
    } finally {
      running.remove(peer);
    }
  }
}
