package dev.cairn.libp2p.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ScratchTest {

  private static final ByteBuffer LONG = ByteBuffer.allocate(NoiseLink.FRAME_BYTES_MAX);

  private final NoiseBuffers buffers = NoiseBuffers.of(2);
  private final Scratch scratch = new Scratch(buffers);

  @Test
  void an_array_that_was_kept_is_not_written_again() {
    byte[] first = scratch.room(LONG).array();
    assertTrue(scratch.keepable());
    scratch.kept();
    assertNotSame(first, scratch.room(LONG).array());
    scratch.release();
    assertNotSame(first, buffers.received().take());
  }

  @Test
  void an_array_that_was_not_kept_serves_again_and_goes_back_to_its_pool() {
    byte[] first = scratch.room(LONG).array();
    assertSame(first, scratch.room(LONG).array());
    scratch.release();
    assertSame(first, buffers.received().take());
  }

  @Test
  void a_short_frame_is_decrypted_in_its_place_and_its_array_is_not_for_keeping() {
    scratch.room(LONG);
    ByteBuffer sealed = ByteBuffer.allocate(1_000);
    scratch.room(sealed).put((byte) 5);
    assertEquals(5, sealed.get(0));
    assertFalse(scratch.keepable());
  }

  @Test
  void what_lies_outside_the_heap_is_decrypted_elsewhere_and_not_for_keeping() {
    ByteBuffer sealed = ByteBuffer.allocateDirect(NoiseLink.FRAME_BYTES_MAX);
    ByteBuffer room = scratch.room(sealed);
    assertNotSame(sealed, room);
    assertEquals(NoiseLink.FRAME_BYTES_MAX, room.remaining());
    assertFalse(scratch.keepable());
  }
}
