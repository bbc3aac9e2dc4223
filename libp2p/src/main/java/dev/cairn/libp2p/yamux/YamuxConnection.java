package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.secure.SecureLink;
import dev.cairn.libp2p.secure.Timer;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.libp2p.upgrade.MuxedStream;
import dev.cairn.libp2p.upgrade.UpgradeParams;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A yamux session with its two threads: one reads for as long as the connection lives, the other
/// writes and exists only while there is something to write, so that an idle connection costs one
/// parked virtual thread.
///
/// Whoever wants to send changes the session under the lock and wakes the writer, which then
/// gathers everything that is due into one write. The reader never writes, so two peers that both
/// send much cannot block each other.
public final class YamuxConnection implements Connection {

  /// The protocol's name.
  public static final String PROTOCOL = "/yamux/1.0.0";

  /// How often silence and stalls are looked for, as a part of the shorter of the two limits.
  private static final int TICKS = 6;

  private static final Duration OPEN_WAIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final Link link;
  private final SecureLink secure;
  private final boolean outbound;
  private final UpgradeParams params;
  private final Clock clock;
  private final Timer timer;
  private final PeerId remotePeer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Session session;
  private Timer.@Nullable Task ticks;
  private Timer.@Nullable Task closing;
  private boolean writing;
  private boolean leaving;
  private boolean linkClosed;
  private volatile long writeSinceNanos;
  private volatile boolean inWrite;
  private volatile long heardNanos;

  /// @param link closed together with the connection
  /// @param secure the same link, encrypted
  /// @param buffers shared with the other connections of the host
  public YamuxConnection(
      Link link,
      SecureLink secure,
      boolean outbound,
      UpgradeParams params,
      YamuxBuffers buffers,
      Clock clock,
      Timer timer) {
    this.link = link;
    this.secure = secure;
    this.outbound = outbound;
    this.params = params;
    this.clock = clock;
    this.timer = timer;
    this.remotePeer = PeerId.of(secure.remoteKey());
    this.session = new Session(params, outbound, buffers, lock);
  }

  /// Begins to read; to be called once.
  public YamuxConnection start() {
    heardNanos = nanos();
    Duration keepAlive = params.keepAlive();
    Duration stall = params.writeStall();
    Duration shorter = keepAlive.compareTo(stall) < 0 ? keepAlive : stall;
    lock.lock();
    try {
      ticks = timer.every(shorter.dividedBy(TICKS), this::tick);
    } finally {
      lock.unlock();
    }
    Thread.startVirtualThread(this::read);
    return this;
  }

  // --- the session's threads

  private void read() {
    try {
      while (secure.read(this::take)) {
        // The session has taken it.
      }
      end(new EOFException("the peer has closed the connection"));
    } catch (IOException e) {
      end(e);
    } catch (RuntimeException | Error e) {
      end(new IOException("the connection's reader failed", e));
    }
  }

  private boolean take(ByteBuffer source, boolean mine) throws IOException {
    lock.lock();
    try {
      long now = nanos();
      heardNanos = now;
      boolean kept = session.receive(source, mine, now);
      if (!secure.ready()) {
        session.arrived();
      }
      wakeWriter();
      return kept;
    } finally {
      lock.unlock();
    }
  }

  /// Under the lock: makes sure that what is due gets written.
  void wakeWriter() {
    if (!writing && !linkClosed && session.pending()) {
      writing = true;
      Thread.startVirtualThread(this::write);
    }
  }

  private void write() {
    try {
      do {
        writeSinceNanos = nanos();
        inWrite = true;
        secure.write(this::fill);
        inWrite = false;
      } while (more());
    } catch (IOException e) {
      endWriting(e);
    } catch (RuntimeException | Error e) {
      endWriting(new IOException("the connection's writer failed", e));
    }
  }

  private void endWriting(IOException cause) {
    inWrite = false;
    locked(Session::filled);
    end(cause);
  }

  private ByteBuffer fill(ByteBuffer target) {
    lock.lock();
    try {
      return session.fill(target, nanos());
    } finally {
      lock.unlock();
    }
  }

  private boolean more() {
    lock.lock();
    try {
      session.filled();
      if (session.pending() && !linkClosed) {
        return true;
      }
      writing = false;
      if (leaving) {
        closeLink();
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Ends everything at once. A fault of the peer's is told to it if the writer gets a turn.
  private void end(IOException cause) {
    lock.lock();
    try {
      session.fail(cause);
      leaving = true;
      if (cause instanceof YamuxException && !linkClosed) {
        wakeWriter();
        closeLinkSoon();
      } else {
        closeLink();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeLink() {
    if (linkClosed) {
      return;
    }
    linkClosed = true;
    if (ticks != null) {
      ticks.cancel();
    }
    if (closing != null) {
      closing.cancel();
    }
    secure.close();
    link.close();
  }

  private void closeLinkSoon() {
    closing = timer.after(CLOSE_WAIT, () -> locked(_ -> closeLink()));
  }

  private void tick() {
    long now = nanos();
    if (inWrite && now - writeSinceNanos > params.writeStall().toNanos()) {
      end(new SocketTimeoutException("the peer did not read for " + params.writeStall()));
      return;
    }
    long silent = now - heardNanos;
    if (silent > 2 * params.keepAlive().toNanos()) {
      end(new SocketTimeoutException("the peer was silent for too long"));
      return;
    }
    locked(
        state -> {
          state.streams().tick(now);
          if (silent > params.keepAlive().toNanos() && !state.pending()) {
            state.ping(now);
          }
        });
  }

  // --- what streams and owners ask for

  @FunctionalInterface
  interface Change {
    void apply(Session session);
  }

  @FunctionalInterface
  interface Question<E extends Exception> {
    int ask(Session session) throws E;
  }

  /// Changes the session under the lock and has written what that makes due.
  void locked(Change change) {
    lock.lock();
    try {
      change.apply(session);
      wakeWriter();
    } finally {
      lock.unlock();
    }
  }

  <E extends Exception> int locking(Question<E> question) throws E {
    lock.lock();
    try {
      return question.ask(session);
    } finally {
      lock.unlock();
    }
  }

  long nanos() {
    return clock.now().nanos();
  }

  @Override
  public MuxedStream open() throws IOException {
    lock.lock();
    try {
      long until = nanos() + OPEN_WAIT.toNanos();
      Optional<StreamState> stream = session.open();
      while (stream.isEmpty()) {
        await(session.streams().openable, until, "the peer takes no stream");
        stream = session.open();
      }
      return new YamuxStream(this, stream.get());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public MuxedStream accept() throws IOException {
    lock.lock();
    try {
      Optional<StreamState> stream = session.accept();
      while (stream.isEmpty()) {
        await(session.streams().acceptable, 0, "");
        stream = session.accept();
      }
      return new YamuxStream(this, stream.get());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Duration ping() throws IOException {
    lock.lock();
    try {
      session.check();
      RoundTrips.Probe probe =
          session.ping(nanos()).orElseThrow(() -> new IOException("too many pings are under way"));
      wakeWriter();
      long until = nanos() + OPEN_WAIT.toNanos();
      try {
        while (probe.nanos < 0) {
          await(session.answered, until, "the peer did not answer a ping");
          session.check();
        }
      } finally {
        session.forget(probe);
      }
      return Duration.ofNanos(probe.nanos);
    } finally {
      lock.unlock();
    }
  }

  /// Under the lock: waits for one signal, or for a spurious wake-up: callers loop.
  ///
  /// @param untilNanos when the wait is over; 0 for never
  @SuppressWarnings("WaitNotInLoop")
  void await(Condition condition, long untilNanos, String late) throws IOException {
    try {
      if (untilNanos == 0) {
        condition.await();
      } else if (condition.awaitNanos(untilNanos - nanos()) <= 0) {
        throw new SocketTimeoutException(late);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  @Override
  public PeerId remotePeer() {
    return remotePeer;
  }

  @Override
  public PublicKey remoteKey() {
    return secure.remoteKey();
  }

  @Override
  public Multiaddr local() {
    return link.local();
  }

  @Override
  public Multiaddr remote() {
    return link.remote();
  }

  @Override
  public boolean outbound() {
    return outbound;
  }

  @Override
  public boolean closed() {
    lock.lock();
    try {
      return session.isEnded();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!leaving) {
        leaving = true;
        session.leave();
        wakeWriter();
        closeLinkSoon();
      }
    } finally {
      lock.unlock();
    }
  }
}
