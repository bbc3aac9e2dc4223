package dev.cairn.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// One thread and one bounded mailbox around a machine.
///
/// It takes what has queued (at most [#BATCH_MAX] inputs), steps the machine through it, ticks it
/// when its deadline has passed, and performs the effects in one call. The first exception that the
/// machine or the performer throws ends the driver and is handed to `onFailure`: a machine whose
/// invariant broke must not go on.
///
/// Owner of the machine: this driver's thread.
public final class Driver<I, E> implements AutoCloseable {

  /// Inputs taken between two performances: enough to share a sync, few enough to stay prompt.
  public static final int BATCH_MAX = 256;

  private final Machine<I, E> machine;
  private final Performer<E> performer;
  private final Clock clock;
  private final Mailbox<I> mailbox;
  private final Consumer<Throwable> onFailure;
  private final LongAdder dropped = new LongAdder();
  private final Thread thread;

  /// @param capacity the inputs from the network that may wait; more are dropped and counted
  /// @param threads makes the one thread: virtual, or a platform thread where the performer pins it
  public Driver(
      Machine<I, E> machine,
      Performer<E> performer,
      Clock clock,
      int capacity,
      ThreadFactory threads,
      Consumer<Throwable> onFailure) {
    this.machine = machine;
    this.performer = performer;
    this.clock = clock;
    this.mailbox = new Mailbox<>(capacity);
    this.onFailure = onFailure;
    this.thread = threads.newThread(this::run);
  }

  public void start() {
    thread.start();
  }

  /// Offers an input from the network; false when it was dropped because the mailbox is full.
  public boolean offer(I input) {
    boolean taken = mailbox.offer(input);
    if (!taken) {
      dropped.increment();
    }
    return taken;
  }

  /// Hands in a completion or a command, which is never dropped; false once the driver is closed.
  public boolean submit(I input) {
    return mailbox.put(input);
  }

  /// Inputs dropped so far because the mailbox was full.
  public long dropped() {
    return dropped.sum();
  }

  /// Inputs that wait now.
  public int queued() {
    return mailbox.size();
  }

  private void run() {
    List<I> inputs = new ArrayList<>();
    List<E> effects = new ArrayList<>();
    try {
      while (mailbox.drain(inputs, BATCH_MAX, waitNanos())) {
        for (I input : inputs) {
          machine.step(input, clock.now(), effects::add);
        }
        if (machine.deadlineNanos() <= clock.now().nanos()) {
          machine.tick(clock.now(), effects::add);
        }
        if (!effects.isEmpty()) {
          performer.perform(List.copyOf(effects));
        }
        inputs.clear();
        effects.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      mailbox.close();
      onFailure.accept(e);
    }
  }

  private long waitNanos() {
    long deadline = machine.deadlineNanos();
    if (deadline == Long.MAX_VALUE) {
      return Mailbox.WAIT_NANOS_MAX;
    }
    return Math.clamp(deadline - clock.now().nanos(), 0, Mailbox.WAIT_NANOS_MAX);
  }

  /// Stops taking inputs, lets the thread finish what has queued and waits for it.
  @Override
  public void close() {
    mailbox.close();
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    try {
      if (!thread.join(CLOSE_WAIT)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
}
