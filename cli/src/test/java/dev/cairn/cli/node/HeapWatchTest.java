package dev.cairn.cli.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeapWatchTest {

  private static final long MIB = 1L << 20;

  private final HeapWatch watch = new HeapWatch(24 * MIB);

  @Test
  void collects_when_the_heap_has_grown_by_the_least_that_is_worth_it() {
    assertFalse(watch.isDue(24 * MIB + HeapWatch.GROWTH_BYTES_LEAST, 20 * MIB));
    assertTrue(watch.isDue(25 * MIB + HeapWatch.GROWTH_BYTES_LEAST, 50 * MIB));
  }

  @Test
  void lets_a_heap_that_holds_much_grow_by_as_much() {
    watch.collected(400 * MIB, 300 * MIB);
    assertFalse(watch.isDue(690 * MIB, 600 * MIB));
    assertTrue(watch.isDue(701 * MIB, 620 * MIB));
  }

  @Test
  void collects_once_when_the_work_is_over() {
    long grown = 24 * MIB + HeapWatch.IDLE_GROWTH_BYTES + MIB;
    assertFalse(watch.isDue(grown, 20 * MIB));
    for (int i = 1; i < HeapWatch.IDLE_LOOKS; i++) {
      assertFalse(watch.isDue(grown, 20 * MIB));
    }
    assertTrue(watch.isDue(grown, 20 * MIB));
    watch.collected(grown, 18 * MIB);
    for (int i = 0; i < 2 * HeapWatch.IDLE_LOOKS; i++) {
      assertFalse(watch.isDue(grown, 18 * MIB));
    }
  }

  @Test
  void does_not_take_work_for_idleness() {
    long grown = 24 * MIB + HeapWatch.IDLE_GROWTH_BYTES + MIB;
    for (int i = 0; i < 4 * HeapWatch.IDLE_LOOKS; i++) {
      // Young collections take away what was made since the last.
      assertFalse(watch.isDue(grown, (10 + 4 * (i % 3)) * MIB));
    }
  }
}
