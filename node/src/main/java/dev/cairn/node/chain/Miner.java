package dev.cairn.node.chain;

import dev.cairn.core.consensus.Puzzle;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Looks for nonces on platform threads of its own, which rest while there is nothing to look for.
/// All methods may be called from any thread and return at once.
public final class Miner implements AutoCloseable {

  /// Nonces tried between two looks at whether they are still wanted: about two milliseconds.
  private static final int BATCH = 8_192;

  /// A thread with a limit on its rate works in slots of this length.
  private static final long SLOT_NANOS = 50_000_000L;

  private static final long SLOTS_A_SECOND = 1_000_000_000L / SLOT_NANOS;

  /// @param threads at least 1
  /// @param hashesMax a second, of all threads together; 0 for no limit
  public record Params(int threads, long hashesMax) {}

  /// Told of a nonce that solves the puzzle of a number.
  @FunctionalInterface
  public interface Found {
    void found(long work, long nonce);
  }

  private record Job(long work, Puzzle puzzle) {}

  private final Params params;
  private final Found listener;
  private final LongAdder hashes = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Optional<Job> job = Optional.empty();
  private volatile boolean closed;

  /// @param firstNonce where the search starts, so that nodes do not all try the same
  public Miner(Params params, long firstNonce, Found listener) {
    this.params = params;
    this.listener = listener;
    for (int i = 0; i < params.threads(); i++) {
      long first = firstNonce + i * (Long.MAX_VALUE / params.threads());
      Thread.ofPlatform().daemon().name("miner-" + i).start(() -> run(first));
    }
  }

  /// Looks for a nonce, in place of whatever was looked for before.
  public void mine(long work, Puzzle puzzle) {
    set(Optional.of(new Job(work, puzzle)));
  }

  /// Looks for nothing any more.
  public void stop() {
    set(Optional.empty());
  }

  private void set(Optional<Job> next) {
    lock.lock();
    try {
      job = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nonces tried so far.
  public long hashes() {
    return hashes.sum();
  }

  private void run(long firstNonce) {
    long nonce = firstNonce;
    long batch =
        params.hashesMax() == 0
            ? BATCH
            : Math.clamp(params.hashesMax() / SLOTS_A_SECOND / params.threads(), 1, BATCH);
    try {
      while (!closed) {
        Optional<Job> wanted = await();
        if (wanted.isEmpty()) {
          continue;
        }
        long began = System.nanoTime();
        OptionalLong found = wanted.get().puzzle().search(nonce, batch);
        nonce += batch;
        hashes.add(batch);
        if (found.isPresent()) {
          solved(wanted.get(), found.getAsLong());
        }
        rest(began + SLOT_NANOS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Job> await() throws InterruptedException {
    Optional<Job> wanted = job;
    if (wanted.isPresent()) {
      return wanted;
    }
    lock.lockInterruptibly();
    try {
      while (job.isEmpty() && !closed) {
        changed.await();
      }
      return job;
    } finally {
      lock.unlock();
    }
  }

  /// One solution is enough: what comes next has another head.
  private void solved(Job solved, long nonce) {
    lock.lock();
    try {
      if (!job.equals(Optional.of(solved))) {
        return;
      }
      job = Optional.empty();
    } finally {
      lock.unlock();
    }
    listener.found(solved.work(), nonce);
  }

  private void rest(long untilNanos) throws InterruptedException {
    if (params.hashesMax() == 0) {
      return;
    }
    lock.lockInterruptibly();
    try {
      long left = untilNanos - System.nanoTime();
      while (left > 0 && !closed) {
        left = Math.min(changed.awaitNanos(left), untilNanos - System.nanoTime());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      job = Optional.empty();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
