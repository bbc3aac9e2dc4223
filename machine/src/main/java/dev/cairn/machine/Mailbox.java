package dev.cairn.machine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The inputs that wait for a machine.
///
/// What comes from the network is offered and refused when the mailbox is full; timers and
/// completions are put and always fit, because whoever waits for one must get it. Shared by many
/// threads; guarded by its own lock.
final class Mailbox<I> {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<I> inputs = new ArrayDeque<>();
  private final int capacity;
  private boolean closed;

  Mailbox(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a mailbox holds at least one input, not " + capacity);
    }
    this.capacity = capacity;
  }

  /// False when the mailbox is full or closed.
  boolean offer(I input) {
    return add(input, capacity);
  }

  /// False only when the mailbox is closed.
  boolean put(I input) {
    return add(input, Integer.MAX_VALUE);
  }

  private boolean add(I input, int limit) {
    lock.lock();
    try {
      if (closed || inputs.size() >= limit) {
        return false;
      }
      inputs.add(input);
      arrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Moves at most `max` inputs to `target`, waiting up to `waitNanos` for the first. False once
  /// the mailbox is closed and empty.
  boolean drain(List<I> target, int max, long waitNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = waitNanos;
      while (inputs.isEmpty() && !closed && left > 0) {
        left = arrived.awaitNanos(left);
      }
      for (int i = 0; i < max && !inputs.isEmpty(); i++) {
        target.add(inputs.poll());
      }
      return !closed || !target.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return inputs.size();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The longest wait that [#drain] is asked for, so that a deadline far away cannot overflow.
  static final long WAIT_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
}
