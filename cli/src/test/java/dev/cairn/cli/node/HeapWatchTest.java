package dev.cairn.cli.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeapWatchTest {

  private static final long MIB = 1L << 20;

  private final HeapWatch watch = new HeapWatch(24 * MIB);

  @Test
  void collects_when_the_heap_is_larger_than_the_least_that_is_worth_it() {
    assertFalse(watch.isDue(HeapWatch.HEAP_BYTES_LEAST, 20 * MIB));
    assertTrue(watch.isDue(HeapWatch.HEAP_BYTES_LEAST + 1, 50 * MIB));
  }

  @Test
  void lets_a_heap_in_which_much_lives_be_a_few_times_as_large() {
    watch.collected(200 * MIB, 100 * MIB);
    long most = HeapWatch.HEAP_BYTES_LEAST + 100 * MIB * HeapWatch.HEAP_PER_LIVE;
    assertFalse(watch.isDue(most, 300 * MIB));
    assertTrue(watch.isDue(most + 1, 320 * MIB));
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
