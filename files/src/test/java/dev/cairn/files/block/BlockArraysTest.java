package dev.cairn.files.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlockArraysTest {

  private static final int CHUNK = 1 << 20;

  private final BlockArrays arrays = new BlockArrays();

  @Test
  void gives_an_array_again_that_was_given_back() {
    byte[] first = arrays.take(CHUNK);
    arrays.give(first);
    assertSame(first, arrays.take(CHUNK));
    assertNotSame(first, arrays.take(CHUNK));
  }

  @Test
  void arrays_have_exactly_the_length_asked_for() {
    arrays.give(new byte[CHUNK]);
    for (int length : new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 256 << 10}) {
      assertEquals(length, arrays.take(length).length);
    }
  }

  @Test
  void keeps_no_other_lengths() {
    byte[] odd = new byte[CHUNK - 1];
    arrays.give(odd);
    assertNotSame(odd, arrays.take(odd.length));
  }

  @Test
  void keeps_only_so_many() {
    Set<byte[]> given = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 2 * BlockArrays.KEPT_MAX; i++) {
      byte[] array = new byte[CHUNK];
      given.add(array);
      arrays.give(array);
    }
    for (int i = 0; i < 2 * BlockArrays.KEPT_MAX; i++) {
      given.remove(arrays.take(CHUNK));
    }
    assertEquals(BlockArrays.KEPT_MAX, given.size());
  }

  @Test
  void lets_go_what_waits() {
    byte[] array = arrays.take(CHUNK);
    arrays.give(array);
    arrays.clear();
    assertNotSame(array, arrays.take(CHUNK));
  }

  @Test
  void blocks_in_memory_do_not_change_with_the_array_they_came_in() {
    MemoryBlocks blocks = new MemoryBlocks();
    byte[] content = {1, 2, 3};
    Block block = Block.of(dev.cairn.multiformats.Cid.RAW, content);
    blocks.put(block);
    content[0] = 9;
    assertEquals(1, blocks.get(block.cid()).orElseThrow()[0]);
    blocks.get(block.cid(), arrays).orElseThrow()[0] = 9;
    assertEquals(1, blocks.get(block.cid()).orElseThrow()[0]);
  }
}
