package dev.cairn.libp2p.gossipsub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits to be sent to one peer. Offering never blocks: a peer that reads too slowly loses
/// gossip first and then messages, never what keeps the meshes in step.
///
/// Offered to by the machine's thread, taken from by the peer's writer; guarded by its own lock.
final class Outbox {

  /// What waits for one peer at most: a few blocks, or seconds of small messages.
  static final int BYTES_MAX = 8 << 20;

  /// Topics, GRAFTs and PRUNEs that wait, for a peer that reads nothing at all.
  static final int UPKEEP_BYTES_MAX = 1 << 20;

  /// What one write to the stream takes at most, but for a single longer message.
  static final int WRITE_BYTES_MAX = 64 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Fragment> upkeep = new ArrayDeque<>();
  private final Deque<Fragment> messages = new ArrayDeque<>();
  private final Deque<Fragment> gossip = new ArrayDeque<>();
  private final int bytesMax;
  private final GossipMetrics metrics;
  private int upkeepBytes;
  private int messageBytes;
  private int gossipBytes;
  private int turns;
  private boolean broken;
  private boolean closed;

  Outbox(int bytesMax, GossipMetrics metrics) {
    this.bytesMax = bytesMax;
    this.metrics = metrics;
  }

  /// False when the peer can no longer be kept up to date: it should be given up.
  boolean offer(Fragment fragment) {
    lock.lock();
    try {
      if (closed) {
        return true;
      }
      switch (fragment.kind()) {
        case UPKEEP -> {
          if (upkeepBytes + fragment.bytes() > UPKEEP_BYTES_MAX) {
            return false;
          }
          upkeep.add(fragment);
          upkeepBytes += fragment.bytes();
        }
        case MESSAGE -> {
          if (messageBytes + gossipBytes + fragment.bytes() > bytesMax) {
            dropGossip();
          }
          if (messageBytes + fragment.bytes() > bytesMax) {
            metrics.add(GossipCount.COPIES_DROPPED);
            return true;
          }
          messages.add(fragment);
          messageBytes += fragment.bytes();
        }
        case GOSSIP -> {
          if (messageBytes + gossipBytes + fragment.bytes() > bytesMax) {
            metrics.add(GossipCount.GOSSIP_DROPPED);
            return true;
          }
          gossip.add(fragment);
          gossipBytes += fragment.bytes();
        }
      }
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void dropGossip() {
    metrics.add(GossipCount.GOSSIP_DROPPED, gossip.size());
    gossip.clear();
    gossipBytes = 0;
  }

  /// Waits for something to send and takes what goes into one write; empty when the stream broke or
  /// the outbox was closed.
  List<Fragment> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (isEmpty() && !broken && !closed) {
        changed.await();
      }
      List<Fragment> batch = new ArrayList<>();
      if (broken || closed) {
        return batch;
      }
      int room = move(upkeep, batch, WRITE_BYTES_MAX);
      upkeepBytes -= WRITE_BYTES_MAX - room;
      int before = room;
      room = move(messages, batch, room);
      messageBytes -= before - room;
      before = room;
      room = move(gossip, batch, room);
      gossipBytes -= before - room;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private static int move(Deque<Fragment> from, List<Fragment> batch, int room) {
    int left = room;
    Fragment next = from.peek();
    while (next != null && (batch.isEmpty() || next.bytes() <= left)) {
      batch.add(next);
      left -= next.bytes();
      from.remove();
      next = from.peek();
    }
    return left;
  }

  private boolean isEmpty() {
    return upkeep.isEmpty() && messages.isEmpty() && gossip.isEmpty();
  }

  /// Waits until there is something to send; false once closed.
  boolean awaitWork() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (isEmpty() && !closed) {
        changed.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits out a pause between two attempts; false once closed.
  boolean pause(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Tells the writer that its stream is of no more use, unless it has another by now.
  ///
  /// @param turn what [#turn] gave when the stream was opened
  void breakOff(int turn) {
    lock.lock();
    try {
      broken |= turn == turns;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The number of times that [#renew] was called.
  int turn() {
    lock.lock();
    try {
      return turns;
    } finally {
      lock.unlock();
    }
  }

  /// Begins anew with an empty box, for a new stream.
  void renew() {
    lock.lock();
    try {
      turns++;
      broken = false;
      clear();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void clear() {
    upkeep.clear();
    messages.clear();
    gossip.clear();
    upkeepBytes = 0;
    messageBytes = 0;
    gossipBytes = 0;
  }

  /// Bytes that wait.
  int bytes() {
    lock.lock();
    try {
      return upkeepBytes + messageBytes + gossipBytes;
    } finally {
      lock.unlock();
    }
  }
}
