package dev.cairn.libp2p.gossipsub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The messages of one topic, for whoever validates them. Several threads may take: each message
/// goes to one of them, its signature checked (on the thread that takes it) where the topic has
/// signatures.
///
/// Guarded by its own lock.
public final class Subscription implements AutoCloseable {

  private final TopicParams params;
  private final Consumer<MessageId> onForged;
  private final BiConsumer<Subscription, List<GossipMessage>> onClose;
  private final AuthorKeys authors = new AuthorKeys();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<GossipMessage> queue = new ArrayDeque<>();
  private boolean closed;

  /// @param onClose told what was left in the queue
  Subscription(
      TopicParams params,
      Consumer<MessageId> onForged,
      BiConsumer<Subscription, List<GossipMessage>> onClose) {
    this.params = params;
    this.onForged = onForged;
    this.onClose = onClose;
  }

  public String topic() {
    return params.topic();
  }

  /// Waits for the next message. [GossipMessage#report] must be called on it.
  ///
  /// @throws IllegalStateException once the subscription or its gossipsub is closed
  public GossipMessage take() throws InterruptedException {
    while (true) {
      GossipMessage message = next();
      if (params.policy() == SignaturePolicy.STRICT_NO_SIGN
          || message.message().signatureFits(authors)) {
        return message;
      }
      onForged.accept(message.id());
    }
  }

  private GossipMessage next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (closed) {
          throw new IllegalStateException("the subscription to " + topic() + " is closed");
        }
        GossipMessage message = queue.poll();
        if (message != null) {
          return message;
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// False when the queue is full or the subscription closed.
  boolean offer(GossipMessage message) {
    lock.lock();
    try {
      if (closed || queue.size() >= params.queueCapacity()) {
        return false;
      }
      queue.add(message);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Ends taking part in the topic; threads that wait in [#take] get an exception.
  @Override
  public void close() {
    List<GossipMessage> left;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      left = List.copyOf(queue);
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.accept(this, left);
  }
}
