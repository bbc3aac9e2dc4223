package dev.cairn.multiformats;

import java.lang.reflect.Method;

/// Bytes that the current thread allocates in a task. Reached by reflection, so that the module
/// need not require the JDK's management modules for a test.
public final class Allocations {

  /// What an exception with its stack trace and message may take beside the data.
  public static final long SLACK_BYTES = 32 * 1024;

  private Allocations() {}

  public static long of(Runnable task) {
    try {
      Object bean =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      Method allocated =
          Class.forName("com.sun.management.ThreadMXBean")
              .getMethod("getCurrentThreadAllocatedBytes");
      // Once before, so that loading classes is not counted.
      task.run();
      long before = (long) allocated.invoke(bean);
      task.run();
      return (long) allocated.invoke(bean) - before;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
