package dev.cairn.libp2p.secure;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.multiformats.Multiaddr;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

  private final Buffers pool = new Buffers(10_000, true, 1);
  private final Link near;
  private final ReadAhead in;

  ReadAheadTest() throws IOException {
    MemoryTransport memory = new MemoryTransport(new MemoryNetwork());
    try (Listener listener = memory.listen(Multiaddr.parse("/memory/1"))) {
      near = memory.dial(listener.address(), Duration.ofSeconds(1));
      in = new ReadAhead(listener.accept(), pool);
    }
  }

  @Test
  void bytes_come_in_order_whatever_the_sizes() throws IOException {
    Random random = new Random(8);
    byte[] sent = new byte[200_000];
    random.nextBytes(sent);
    near.output().write(sent);
    near.close();
    int at = 0;
    while (at < sent.length) {
      int count = Math.min(sent.length - at, 1 + random.nextInt(random.nextBoolean() ? 50 : 9_000));
      assertTrue(in.require(count));
      byte[] got = new byte[count];
      in.buffer().get(got);
      assertArrayEquals(Arrays.copyOfRange(sent, at, at + count), got);
      at += count;
    }
    assertFalse(in.require(1));
  }

  @Test
  void a_quiet_link_holds_no_large_buffer() throws IOException {
    near.output().write(new byte[5_000]);
    assertTrue(in.require(5_000));
    assertEquals(0, pool.free());
    in.buffer().position(in.buffer().limit());
    near.output().write(new byte[1]);
    near.close();
    assertTrue(in.require(1));
    in.buffer().get();
    assertFalse(in.require(1));
    assertEquals(1, pool.free());
  }

  @Test
  void an_end_in_the_middle_is_told_apart() throws IOException {
    near.output().write(new byte[3]);
    near.close();
    assertThrows(EOFException.class, () -> in.require(4));
  }

  @Test
  void the_pool_has_a_limit() {
    var first = pool.take();
    var second = pool.take();
    assertTrue(first.isDirect());
    assertFalse(second.isDirect());
    pool.give(second);
    assertEquals(0, pool.free());
    pool.give(first);
    assertEquals(1, pool.free());
  }

  @Test
  void chunks_have_a_limit_too() {
    Chunks chunks = new Chunks(100, 1);
    byte[] first = chunks.take();
    chunks.give(first);
    chunks.give(new byte[100]);
    chunks.give(new byte[99]);
    assertEquals(1, chunks.kept());
  }

  @Test
  void no_more_chunks_are_borrowed_than_the_pool_keeps() {
    Chunks chunks = new Chunks(100, 1);
    byte[] first = requireNonNull(chunks.borrow());
    assertNull(chunks.borrow());
    chunks.giveBack(first);
    assertSame(first, chunks.borrow());
  }
}
