package dev.cairn.node.chain;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A small pool of platform threads for signature checks, which never yield and so would hold the
/// carriers of virtual threads that have sockets to serve.
public final class Verifier implements AutoCloseable {

  /// Jobs that wait; each is one gossiped message or one submitted transaction.
  private static final int QUEUE_MAX = 4_096;

  private final ThreadPoolExecutor pool;

  public Verifier(int threads) {
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            Thread.ofPlatform().daemon().name("verify-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
  }

  /// Runs a job on the pool; false when too many wait already.
  public boolean offer(Runnable job) {
    try {
      pool.execute(job);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  public int queued() {
    return pool.getQueue().size();
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
