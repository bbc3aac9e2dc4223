package dev.cairn.libp2p.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Pushes identify to the connected peers when what this host says of itself has changed. Changes
/// that come in a burst share a push.
final class Pusher implements AutoCloseable {

  /// How often the interfaces' addresses are looked at, since nothing tells of their changes.
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final Supplier<List<Object>> announcement;
  private final Runnable push;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;

  Pusher(Supplier<List<Object>> announcement, Runnable push) {
    this.announcement = announcement;
    this.push = push;
    this.thread = Thread.ofVirtual().name("identify-push").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Something may have changed.
  void check() {
    wake.release();
  }

  private void run() {
    List<Object> told = announcement.get();
    try {
      while (true) {
        wake.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
        List<Object> now = announcement.get();
        if (!now.equals(told)) {
          told = now;
          push.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
