package dev.cairn.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DriverTest {

  /// Echoes inputs and counts ticks; throws on a negative input.
  private static final class Echo implements Machine<Integer, String> {
    private long deadline = Long.MAX_VALUE;

    @Override
    public void step(Integer input, Now now, Consumer<? super String> out) {
      if (input < 0) {
        throw new IllegalStateException("negative");
      }
      if (input == 0) {
        deadline = now.nanos() + 1;
      }
      out.accept("in " + input);
    }

    @Override
    public void tick(Now now, Consumer<? super String> out) {
      if (now.nanos() >= deadline) {
        deadline = Long.MAX_VALUE;
        out.accept("tick");
      }
    }

    @Override
    public long deadlineNanos() {
      return deadline;
    }
  }

  private final BlockingQueue<String> performed = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

  private Driver<Integer, String> driver(Performer<String> performer, int capacity) {
    return new Driver<>(
        new Echo(),
        performer,
        Clock.system(),
        capacity,
        Thread.ofVirtual().factory(),
        failures::add);
  }

  @Test
  void performs_effects_in_the_order_of_inputs() throws InterruptedException {
    try (var driver = driver(performed::addAll, 10)) {
      driver.submit(1);
      driver.submit(2);
      driver.start();
      assertEquals("in 1", performed.take());
      assertEquals("in 2", performed.take());
    }
  }

  @Test
  void ticks_at_the_deadline_with_no_input() throws InterruptedException {
    try (var driver = driver(performed::addAll, 10)) {
      driver.start();
      driver.submit(0);
      assertEquals("in 0", performed.take());
      assertEquals("tick", performed.take());
    }
  }

  @Test
  void drops_and_counts_what_a_full_mailbox_cannot_hold_but_never_a_completion() {
    List<String> all = new ArrayList<>();
    var driver = driver(all::addAll, 2);
    assertTrue(driver.offer(1));
    assertTrue(driver.offer(2));
    assertFalse(driver.offer(3));
    assertTrue(driver.submit(4));
    assertEquals(1, driver.dropped());
    driver.start();
    driver.close();
    assertEquals(List.of("in 1", "in 2", "in 4"), all);
  }

  @Test
  void one_performance_covers_what_has_queued() throws InterruptedException {
    var sizes = new LinkedBlockingQueue<Integer>();
    try (var driver = driver(effects -> sizes.add(effects.size()), 10)) {
      for (int i = 1; i <= 5; i++) {
        driver.submit(i);
      }
      driver.start();
      assertEquals(5, sizes.take());
    }
  }

  @Test
  void an_exception_ends_the_driver_and_is_reported() throws InterruptedException {
    var done = new CountDownLatch(1);
    try (var driver = driver(effects -> done.countDown(), 10)) {
      driver.start();
      driver.submit(-1);
      assertInstanceOf(IllegalStateException.class, failures.take());
      assertFalse(driver.submit(1));
      assertEquals(1, done.getCount());
    }
  }
}
