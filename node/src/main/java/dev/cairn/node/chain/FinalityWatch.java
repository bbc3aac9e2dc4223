package dev.cairn.node.chain;

import dev.cairn.core.block.Block;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.metrics.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Callers that wait until a transaction is in a final block, or has left the mempool without being
/// in one. Guarded by its own lock; costs nothing for transactions that nobody waits for.
final class FinalityWatch {

  /// Waiters at once; one more is told that the node is busy.
  static final int WAITERS_MAX = 16_384;

  private final ReentrantLock lock = new ReentrantLock();

  /// What becomes of one transaction. Each has a condition of its own, so that a block wakes those
  /// who wait for its transactions and nobody else.
  private final class Fate {
    private final Condition decided = lock.newCondition();
    private int waiters;
    private OptionalLong submittedNanos = OptionalLong.empty();
    private Optional<TransactionFate> outcome = Optional.empty();
  }

  private final Clock clock;
  private final Durations toFinal = new Durations();
  private final Condition changed = lock.newCondition();
  private final Map<Cid, Fate> watched = new HashMap<>();
  private int waiters;

  /// How often the head has moved or a fate that somebody waits for was decided.
  private long changes;

  /// A claim on the outcome of one transaction, made before it is submitted so that nothing is
  /// missed in between.
  final class Claim implements AutoCloseable {
    private final Cid id;
    private final Fate fate;

    private Claim(Cid id, Fate fate) {
      this.id = id;
      this.fate = fate;
    }

    /// Empty when nothing was decided in time.
    Optional<TransactionFate> await(Duration timeout) throws InterruptedException {
      long left = timeout.toNanos();
      lock.lockInterruptibly();
      try {
        while (fate.outcome.isEmpty() && left > 0) {
          left = fate.decided.awaitNanos(left);
        }
        return fate.outcome;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        waiters--;
        if (--fate.waiters == 0) {
          watched.remove(id, fate);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  FinalityWatch(Clock clock) {
    this.clock = clock;
  }

  /// How long transactions took that were submitted here while somebody waited, from their
  /// submission until they were final.
  Durations toFinal() {
    return toFinal;
  }

  /// Claims what becomes of a transaction that is about to be submitted here; empty when too many
  /// wait already.
  Optional<Claim> claimSubmitted(Cid transaction) {
    Optional<Claim> claimed = claim(transaction);
    lock.lock();
    try {
      claimed.ifPresent(
          claim -> {
            if (claim.fate.submittedNanos.isEmpty()) {
              claim.fate.submittedNanos = OptionalLong.of(clock.now().nanos());
            }
          });
    } finally {
      lock.unlock();
    }
    return claimed;
  }

  /// Empty when too many wait already.
  Optional<Claim> claim(Cid transaction) {
    lock.lock();
    try {
      if (waiters >= WAITERS_MAX) {
        return Optional.empty();
      }
      waiters++;
      Fate fate = watched.computeIfAbsent(transaction, id -> new Fate());
      fate.waiters++;
      return Optional.of(new Claim(transaction, fate));
    } finally {
      lock.unlock();
    }
  }

  void finalized(Block block) {
    lock.lock();
    try {
      if (watched.isEmpty()) {
        return;
      }
      for (Transaction transaction : block.body().transactions()) {
        settle(transaction.id(), new TransactionFate.Final(block.id(), block.height()));
      }
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Wakes whoever waits for confirmations.
  void headMoved() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the head has moved or a fate was decided since `seen`; returns the number of the
  /// latest such change.
  ///
  /// @param seen what this returned before; 0 at first
  long awaitChange(long seen, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (changes <= seen && left > 0) {
        left = changed.awaitNanos(left);
      }
      return changes;
    } finally {
      lock.unlock();
    }
  }

  void dropped(Cid transaction, String reason) {
    lock.lock();
    try {
      settle(transaction, new TransactionFate.Dropped(reason));
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void settle(Cid transaction, TransactionFate outcome) {
    Fate fate = watched.get(transaction);
    if (fate != null && fate.outcome.isEmpty()) {
      fate.outcome = Optional.of(outcome);
      if (outcome instanceof TransactionFate.Final && fate.submittedNanos.isPresent()) {
        toFinal.add(Duration.ofNanos(clock.now().nanos() - fate.submittedNanos.getAsLong()));
      }
      fate.decided.signalAll();
    }
  }

  /// The longest that anybody may wait; a caller asks again if it wants longer.
  static final Duration WAIT_MAX = Duration.ofMinutes(10);
}
