package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Keeps connections to peers that the operator has named: dials each, protects it, and dials again
/// when it is lost, waiting longer after each failure (with jitter, so that a restarted network
/// does not come back all at once).
///
/// One virtual thread for each address.
public final class Bootstrap implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Bootstrap.class.getName());
  private static final String TAG = "bootstrap";

  /// How long to wait between dials.
  ///
  /// @param first the wait after the first failure
  /// @param most the longest wait
  /// @param check how often a connection that is up is looked at
  public record Backoff(Duration first, Duration most, Duration check) {
    public static final Backoff STANDARD =
        new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(1));
  }

  private final Host host;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final List<Thread> threads = new ArrayList<>();

  /// @param random for the jitter; used by many threads, so it has to be safe for them
  public Bootstrap(Host host, List<Multiaddr> addresses, Backoff backoff, RandomGenerator random) {
    this.host = host;
    this.backoff = backoff;
    this.random = random;
    for (Multiaddr address : addresses) {
      threads.add(Thread.ofVirtual().name("bootstrap").start(() -> keep(address)));
    }
  }

  private void keep(Multiaddr address) {
    Duration wait = backoff.first();
    try {
      while (true) {
        try {
          PeerId peer = host.connect(address);
          host.protect(peer, TAG);
          wait = backoff.first();
          watch(peer);
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "bootstrap {0}: {1}", address, e.getMessage());
        }
        Thread.sleep(jittered(wait));
        wait = min(wait.multipliedBy(2), backoff.most());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(PeerId peer) throws InterruptedException {
    while (host.info(peer).isPresent()) {
      Thread.sleep(backoff.check());
    }
  }

  /// Between half and all of the wait.
  private Duration jittered(Duration wait) {
    long half = wait.toNanos() / 2;
    return Duration.ofNanos(half + (long) (random.nextDouble() * half));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
