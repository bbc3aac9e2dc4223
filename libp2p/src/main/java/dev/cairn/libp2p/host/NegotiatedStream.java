package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.upgrade.MuxedStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// A stream with its protocol, which gives its places among the limits back when it is closed.
final class NegotiatedStream implements Stream {

  private final MuxedStream muxed;
  private final PeerId peer;
  private final String protocol;
  private final boolean inbound;
  private final Optional<LazyNegotiation> lazy;
  private final Deadlines deadlines;
  private final Runnable release;
  private final AtomicBoolean released = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Future<?>> expiry = Optional.empty();

  NegotiatedStream(
      MuxedStream muxed,
      PeerId peer,
      String protocol,
      boolean inbound,
      boolean isLazy,
      Deadlines deadlines,
      Runnable release) {
    this.muxed = muxed;
    this.peer = peer;
    this.protocol = protocol;
    this.inbound = inbound;
    this.lazy = isLazy ? Optional.of(new LazyNegotiation(muxed, protocol)) : Optional.empty();
    this.deadlines = deadlines;
    this.release = release;
  }

  @Override
  public PeerId peer() {
    return peer;
  }

  @Override
  public String protocol() {
    return protocol;
  }

  @Override
  public boolean inbound() {
    return inbound;
  }

  @Override
  public long id() {
    return muxed.id();
  }

  @Override
  public InputStream input() {
    return lazy.map(LazyNegotiation::input).orElseGet(muxed::input);
  }

  @Override
  public OutputStream output() {
    return lazy.map(LazyNegotiation::output).orElseGet(muxed::output);
  }

  @Override
  public void expire(Duration max) {
    lock.lock();
    try {
      expiry.ifPresent(task -> task.cancel(false));
      if (!released.get()) {
        expiry = Optional.of(deadlines.after(max, this::reset));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void deadline(Duration timeout) {
    muxed.deadline(timeout);
  }

  @Override
  public void closeWrite() {
    lazy.ifPresent(LazyNegotiation::start);
    muxed.closeWrite();
  }

  @Override
  public void reset() {
    muxed.reset();
    released();
  }

  @Override
  public void close() {
    muxed.close();
    released();
  }

  private void released() {
    if (released.compareAndSet(false, true)) {
      lock.lock();
      try {
        expiry.ifPresent(task -> task.cancel(false));
      } finally {
        lock.unlock();
      }
      release.run();
    }
  }
}
