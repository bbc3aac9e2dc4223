package dev.cairn.libp2p.secure;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs short tasks later, on one thread that goes away while nothing is scheduled.
///
/// Tasks must not block, because all connections of a host share the thread.
public final class Timer {

  /// A task that was scheduled.
  public interface Task {
    /// Safe to call at any time, also when the task has run.
    void cancel();
  }

  private final ScheduledThreadPoolExecutor executor;

  public Timer() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("libp2p-timer").unstarted(task));
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /// Runs the task once.
  public Task after(Duration delay, Runnable task) {
    var future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  /// Runs the task again and again until it is cancelled or throws.
  public Task every(Duration period, Runnable task) {
    long nanos = period.toNanos();
    var future = executor.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }
}
