package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
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
  private final Bell bell = new Bell();
  private final Queue<Entry> entries = new ArrayDeque<>();
  private final Queue<Presence> answers = new ArrayDeque<>();
  private boolean full;

  void tell(boolean replaces, List<Entry> more) {
    lock.lock();
    try {
      if (bell.closed()) {
        return;
      }
      if (replaces) {
        entries.clear();
        full = true;
      }
      entries.addAll(more);
    } finally {
      lock.unlock();
    }
    bell.ring();
  }

  void answer(List<Presence> more) {
    lock.lock();
    try {
      for (Presence presence : more) {
        if (!bell.closed() && answers.size() < ANSWERS_MAX) {
          answers.add(presence);
        }
      }
    } finally {
      lock.unlock();
    }
    if (!more.isEmpty()) {
      bell.ring();
    }
  }

  /// Tells that wants of the peer have to be looked up, or that what is here was not said.
  void wake() {
    bell.ring();
  }

  /// Waits until there may be something to say; false when nothing came in time or it is closed.
  boolean await(long nanos) throws InterruptedException {
    return bell.await(nanos);
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
    bell.close();
  }

  boolean closed() {
    return bell.closed();
  }
}
