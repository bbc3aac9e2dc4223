package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits to be said to one peer: changes of our want-list and answers to its own. Guarded by
/// its own lock.
final class Mouth {

  /// The wants and answers of one message.
  static final int ENTRIES_MAX = 512;

  /// Answers that wait for a peer that does not read; more are dropped.
  static final int ANSWERS_MAX = 4_096;

  /// A part of what waits: one message.
  record Words(boolean full, List<Entry> entries, List<Presence> answers) {
    boolean isEmpty() {
      return !full && entries.isEmpty() && answers.isEmpty();
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Entry> entries = new ArrayDeque<>();
  private final Queue<Presence> answers = new ArrayDeque<>();
  private boolean full;
  private boolean asked;
  private boolean closed;

  void tell(boolean replaces, List<Entry> more) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (replaces) {
        entries.clear();
        full = true;
      }
      entries.addAll(more);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void answer(List<Presence> more) {
    lock.lock();
    try {
      for (Presence presence : more) {
        if (!closed && answers.size() < ANSWERS_MAX) {
          answers.add(presence);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Tells that wants of the peer have to be looked up.
  void wake() {
    lock.lock();
    try {
      asked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there may be something to say; false when nothing came in time or it is closed.
  boolean await(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!asked && !full && entries.isEmpty() && answers.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      boolean some = asked || full || !entries.isEmpty() || !answers.isEmpty();
      asked = false;
      return some && !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Takes one message's worth. A CID is in a message once at most, so that a cancel and a new want
  /// keep their order.
  Words take() {
    lock.lock();
    try {
      List<Entry> some = new ArrayList<>();
      Set<Cid> keys = new HashSet<>();
      while (some.size() < ENTRIES_MAX
          && !entries.isEmpty()
          && keys.add(Keys.of(entries.element().cid()))) {
        some.add(entries.remove());
      }
      List<Presence> told = new ArrayList<>();
      while (told.size() < ENTRIES_MAX && !answers.isEmpty()) {
        told.add(answers.remove());
      }
      Words words = new Words(full, some, told);
      full = false;
      return words;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  static final long FOREVER = TimeUnit.DAYS.toNanos(1);
}
