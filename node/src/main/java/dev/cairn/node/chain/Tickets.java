package dev.cairn.node.chain;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Callers that wait for an answer of the peer machine, each under a number that travels with the
/// question and comes back with the answer. Shared by all request threads.
final class Tickets<T> {

  private final AtomicLong next = new AtomicLong();
  private final ConcurrentHashMap<Long, BlockingQueue<T>> waiting = new ConcurrentHashMap<>();

  /// A question on its way; close it in any case, or it is kept for ever.
  final class Ticket implements AutoCloseable {
    private final long number = next.incrementAndGet();
    private final BlockingQueue<T> answer = new ArrayBlockingQueue<>(1);

    private Ticket() {
      waiting.put(number, answer);
    }

    long number() {
      return number;
    }

    /// Empty when no answer came in time.
    Optional<T> await(Duration timeout) throws InterruptedException {
      return Optional.ofNullable(answer.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public void close() {
      waiting.remove(number);
    }
  }

  Ticket open() {
    return new Ticket();
  }

  /// Hands an answer to whoever waits for it, if anybody still does.
  void answer(long number, T answer) {
    BlockingQueue<T> queue = waiting.remove(number);
    if (queue != null) {
      queue.offer(answer);
    }
  }
}
