package dev.cairn.libp2p.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BuffersTest {

  private final Buffers small = new Buffers(100, false, 2);
  private final Buffers large = small.behind(1_000, 1);

  @Test
  void whoever_comes_late_gets_a_smaller_buffer() {
    assertEquals(1_000, large.take().capacity());
    assertEquals(100, large.take().capacity());
  }

  @Test
  void each_buffer_goes_back_where_it_came_from() {
    ByteBuffer first = large.take();
    ByteBuffer second = large.take();
    large.give(second);
    large.give(first);
    assertEquals(1, large.free());
    assertEquals(1, small.free());
    assertSame(first, large.take());
    assertSame(second, large.take());
  }

  @Test
  void what_is_beyond_all_pools_is_not_kept() {
    for (int i = 0; i < 5; i++) {
      large.give(ByteBuffer.allocate(1_000));
      large.give(ByteBuffer.allocate(100));
    }
    assertEquals(1, large.free());
    assertEquals(2, small.free());
  }

  @Test
  void pools_go_from_large_to_small() {
    assertThrows(IllegalArgumentException.class, () -> small.behind(100, 1));
  }
}
