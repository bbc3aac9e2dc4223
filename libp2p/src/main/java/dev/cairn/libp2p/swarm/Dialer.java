package dev.cairn.libp2p.swarm;

import dev.cairn.libp2p.limits.ConnectionGate;
import dev.cairn.libp2p.limits.Limits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Transport;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.libp2p.upgrade.Upgrader;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Dials the addresses of one peer: the next one starts when the one before has failed or has taken
/// [#STAGGER], and the first to be upgraded wins ("happy eyeballs", RFC 8305, section 5).
final class Dialer {

  /// The recommended connection attempt delay of RFC 8305, section 8.
  static final Duration STAGGER = Duration.ofMillis(250);

  /// A connection that is up, with its place among the limits.
  record Dialled(Connection connection, ConnectionGate.Permit permit, Multiaddr address) {
    void close() {
      connection.close();
      permit.close();
    }
  }

  private final List<Transport> transports;
  private final Upgrader upgrader;
  private final ConnectionGate gate;
  private final Limits limits;
  private final Counters counters;
  private final Clock clock;
  private final Semaphore parallel;

  Dialer(
      List<Transport> transports,
      Upgrader upgrader,
      ConnectionGate gate,
      Limits limits,
      Counters counters,
      Clock clock) {
    this.transports = List.copyOf(transports);
    this.upgrader = upgrader;
    this.gate = gate;
    this.limits = limits;
    this.counters = counters;
    this.clock = clock;
    this.parallel = new Semaphore(limits.dialsParallel());
  }

  /// One race among the addresses of a peer.
  private final class Race {
    private final Optional<PeerId> expected;
    private final long deadlineNanos;
    private final BlockingQueue<Optional<Dialled>> results = new LinkedBlockingQueue<>();
    private final List<Thread> runners = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean decided = new AtomicBoolean();
    private boolean returned;

    Race(Optional<PeerId> expected, Duration timeout) {
      this.expected = expected;
      this.deadlineNanos = clock.now().nanos() + timeout.toNanos();
    }

    Dialled run(List<Multiaddr> addresses) throws IOException {
      try {
        return race(addresses);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while dialling", e);
      } finally {
        end();
      }
    }

    private Dialled race(List<Multiaddr> addresses) throws IOException, InterruptedException {
      int started = 0;
      int failed = 0;
      while (failed < addresses.size()) {
        if (started < addresses.size()) {
          Multiaddr address = addresses.get(started++);
          runners.add(Thread.ofVirtual().name("dial").start(() -> attempt(address)));
        }
        boolean last = started == addresses.size();
        long wait = last ? leftNanos() : Math.min(STAGGER.toNanos(), leftNanos());
        Optional<Dialled> result = results.poll(wait, TimeUnit.NANOSECONDS);
        if (result == null) {
          if (leftNanos() <= 0) {
            throw new IOException("no answer in time from " + addresses);
          }
        } else if (result.isPresent()) {
          returned = true;
          return result.get();
        } else {
          failed++;
        }
      }
      throw new IOException("cannot connect: " + String.join("; ", failures));
    }

    /// Nobody waits any more: what blocks is woken, and what came up too late is closed.
    private void end() {
      boolean undecided = decided.compareAndSet(false, true);
      runners.forEach(Thread::interrupt);
      while (!undecided && !returned) {
        Optional<Dialled> late = results.poll();
        if (late != null && late.isPresent()) {
          late.get().close();
          return;
        }
        Thread.onSpinWait();
      }
    }

    private long leftNanos() {
      return deadlineNanos - clock.now().nanos();
    }

    private void attempt(Multiaddr address) {
      try {
        parallel.acquire();
        try {
          counters.dials.increment();
          Dialled dialled = dial(address);
          if (decided.compareAndSet(false, true)) {
            results.add(Optional.of(dialled));
          } else {
            dialled.close();
          }
        } finally {
          parallel.release();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        lost(address, "given up");
      } catch (IOException | RuntimeException e) {
        counters.dialsFailed.increment();
        lost(address, String.valueOf(e.getMessage()));
      }
    }

    private void lost(Multiaddr address, String why) {
      failures.add(address + " " + why);
      results.add(Optional.empty());
    }

    private Dialled dial(Multiaddr address) throws IOException {
      Transport transport = transport(address);
      ConnectionGate.Permit permit =
          gate.outbound(address).orElseThrow(() -> new IOException("connection limit reached"));
      try {
        Link link = transport.dial(address, Duration.ofNanos(Math.max(1, leftNanos())));
        try {
          Connection connection = upgrader.outbound(new CountingLink(link, counters), expected);
          return new Dialled(connection, permit, address);
        } catch (IOException | RuntimeException e) {
          link.close();
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        permit.close();
        throw e;
      }
    }
  }

  /// Dials until one address answers.
  ///
  /// @param expected whose key the other side must prove
  Dialled dial(Optional<PeerId> expected, List<Multiaddr> addresses, Duration timeout)
      throws IOException {
    List<Multiaddr> usable =
        addresses.stream()
            .filter(this::handles)
            .distinct()
            .limit(limits.addressesPerDial())
            .toList();
    if (usable.isEmpty()) {
      throw new IOException("no address that can be dialled among " + addresses);
    }
    return new Race(expected, timeout).run(usable);
  }

  private boolean handles(Multiaddr address) {
    return transports.stream().anyMatch(transport -> transport.handles(address));
  }

  Transport transport(Multiaddr address) throws IOException {
    return transports.stream()
        .filter(transport -> transport.handles(address))
        .findFirst()
        .orElseThrow(() -> new IOException("no transport for " + address));
  }
}
