package dev.cairn.storage.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Makes many files durable while others are being written: a file system writes its journal once
/// for all that are synced at the same time, where one after the other each would wait for its own
/// turn of the disk. Owner: the thread that writes.
public final class Syncs implements AutoCloseable {

  /// So many syncs at a time. Each has a platform thread, because it yields no carrier.
  static final int THREADS = 16;

  /// Files that are open and wait; whoever has one more waits too.
  static final int WAITING_MAX = 128;

  /// Puts an error into words.
  @FunctionalInterface
  public interface Failures {
    IOException of(IOException e);
  }

  private final ExecutorService threads;
  private final Semaphore places = new Semaphore(WAITING_MAX);
  private final AtomicReference<Optional<IOException>> failure =
      new AtomicReference<>(Optional.empty());

  public Syncs() {
    this.threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("sync-", 0).daemon().factory());
  }

  /// Takes an open file or folder over: it is synced, and closed.
  ///
  /// @throws IOException what an earlier one met
  public void add(FileChannel channel, Failures words) throws IOException {
    try {
      requireNone();
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      channel.close();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    threads.execute(() -> sync(channel, words));
  }

  private void sync(FileChannel channel, Failures words) {
    try (channel) {
      channel.force(true);
    } catch (IOException e) {
      failure.compareAndSet(Optional.empty(), Optional.of(words.of(e)));
    } finally {
      places.release();
    }
  }

  private void requireNone() throws IOException {
    if (failure.get().isPresent()) {
      throw failure.get().get();
    }
  }

  /// Waits until all are durable.
  ///
  /// @throws IOException what the first one that failed met
  public void await() throws IOException {
    close();
    requireNone();
  }

  /// Waits until none is in use any more.
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    boolean over = false;
    while (!over) {
      try {
        over = threads.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
