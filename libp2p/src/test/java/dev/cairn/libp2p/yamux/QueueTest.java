package dev.cairn.libp2p.yamux;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.secure.Chunks;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueueTest {

  private static final int RING = 100_000;

  private static Chunks rings(int max) {
    return new Chunks(RING, max);
  }

  @Test
  void what_goes_into_a_send_queue_comes_out_in_order() {
    inOrder(new SendQueue(rings(0)));
    inOrder(new SendQueue(rings(1)));
  }

  private static void inOrder(SendQueue queue) {
    Random random = new Random(5);
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 5_000; i++) {
      if (!queue.blocked() && random.nextBoolean()) {
        offer(queue, random, in);
      } else if (random.nextBoolean()) {
        drain(queue, Math.min(queue.size(), random.nextInt(30_000)), out);
      } else {
        ByteBuffer straight = queue.handOut(65_000);
        if (!queue.blocked() && random.nextBoolean()) {
          offer(queue, random, in);
        }
        byte[] taken = new byte[straight.remaining()];
        straight.get(taken);
        out.writeBytes(taken);
        queue.handBack();
      }
    }
    drain(queue, queue.size(), out);
    assertArrayEquals(in.toByteArray(), out.toByteArray());
  }

  private static void offer(SendQueue queue, Random random, ByteArrayOutputStream in) {
    byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 100_000 : 2_000)];
    random.nextBytes(bytes);
    in.writeBytes(bytes);
    assertEquals(queue.offer(bytes, 0, bytes.length), !queue.blocked());
  }

  private static void drain(SendQueue queue, int count, ByteArrayOutputStream out) {
    ByteBuffer target = ByteBuffer.allocate(count);
    queue.take(target, count);
    assertEquals(count, target.position());
    out.writeBytes(target.array());
  }

  @Test
  void a_large_write_is_lent_until_little_of_it_is_left() {
    SendQueue queue = new SendQueue(rings(0));
    assertTrue(queue.offer(new byte[SendQueue.COPIED_MAX], 0, SendQueue.COPIED_MAX));
    assertFalse(queue.offer(new byte[50_000], 0, 50_000));
    assertTrue(queue.blocked());
    queue.take(ByteBuffer.allocate(40_000), 40_000);
    assertTrue(queue.blocked());
    queue.take(ByteBuffer.allocate(20_000), 20_000);
    assertFalse(queue.blocked());
    assertEquals(50_000 + SendQueue.COPIED_MAX - 60_000, queue.size());
  }

  @Test
  void a_ring_takes_large_writes_and_is_then_emptied_by_half() {
    SendQueue queue = new SendQueue(rings(1));
    assertTrue(queue.offer(new byte[40_000], 0, 40_000));
    assertTrue(queue.offer(new byte[40_000], 0, 40_000));
    assertFalse(queue.offer(new byte[40_000], 0, 40_000));
    queue.take(ByteBuffer.allocate(69_999), 69_999);
    assertTrue(queue.blocked());
    queue.take(ByteBuffer.allocate(1), 1);
    assertFalse(queue.blocked());
    assertEquals(50_000, queue.size());
    assertTrue(queue.offer(new byte[50_000], 0, 50_000));
  }

  @Test
  void a_ring_goes_back_when_all_is_sent_or_given_up() {
    Chunks pool = rings(1);
    SendQueue first = new SendQueue(pool);
    SendQueue second = new SendQueue(pool);
    byte[] large = new byte[40_000];
    assertTrue(first.offer(large, 0, large.length));
    assertFalse(second.offer(large, 0, large.length));
    first.take(ByteBuffer.allocate(large.length), large.length);
    pool.giveBack(requireNonNull(pool.borrow()));
    assertTrue(first.offer(large, 0, large.length));
    assertNull(pool.borrow());
    first.clear();
    first.clear();
    requireNonNull(pool.borrow());
    assertNull(pool.borrow());
    assertEquals(0, first.size());
  }

  @Test
  void bytes_that_were_handed_out_stay_as_they_are() {
    Chunks pool = rings(1);
    SendQueue queue = new SendQueue(pool);
    byte[] bytes = new byte[RING];
    new Random(8).nextBytes(bytes);
    assertTrue(queue.offer(bytes, 0, RING));
    ByteBuffer straight = queue.handOut(60_000);
    assertEquals(RING - 60_000, queue.size());
    assertFalse(queue.offer(new byte[60_001], 0, 60_001));
    queue.clear();
    assertEquals(0, queue.size());
    assertNull(pool.borrow(), "the ring is another stream's only when it has been read");
    assertEquals(ByteBuffer.wrap(bytes, 0, 60_000), straight);
    queue.handBack();
    requireNonNull(pool.borrow());
  }

  @Test
  void few_bytes_in_a_row_are_not_handed_out() {
    SendQueue small = new SendQueue(rings(0));
    assertFalse(small.offer(new byte[RING], 0, RING));
    assertFalse(small.handOut(RING).hasRemaining());
    SendQueue large = new SendQueue(rings(1));
    assertTrue(large.offer(new byte[RING], 0, RING));
    assertFalse(large.handOut(SendQueue.HANDED_OUT_LEAST - 1).hasRemaining());
    assertTrue(large.handOut(SendQueue.HANDED_OUT_LEAST).hasRemaining());
    large.handBack();
    large.take(ByteBuffer.allocate(40_000), 40_000);
    assertTrue(large.offer(new byte[40_000], 0, 40_000));
    assertFalse(large.handOut(RING).hasRemaining(), "less than that up to the end of the ring");
  }

  @Test
  void a_loan_that_is_taken_back_leaves_what_was_copied() {
    SendQueue queue = new SendQueue(rings(1));
    byte[] bytes = new byte[RING + 50_000];
    new Random(7).nextBytes(bytes);
    assertFalse(queue.offer(bytes, 0, bytes.length));
    queue.takeBack();
    assertEquals(RING, queue.size());
    ByteBuffer target = ByteBuffer.allocate(RING);
    queue.take(target, RING);
    assertArrayEquals(Arrays.copyOf(bytes, RING), target.array());
  }

  @Test
  void what_goes_into_a_receive_queue_comes_out_in_order() {
    Random random = new Random(6);
    Chunks pool = new Chunks(64 << 10, 4);
    ReceiveQueue queue = new ReceiveQueue(pool);
    int kept = 0;
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 5_000; i++) {
      if (random.nextBoolean()) {
        byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 65_000 : 2_000)];
        random.nextBytes(bytes);
        in.writeBytes(bytes);
        ByteBuffer source = ByteBuffer.wrap(pool.take()).put(bytes).flip();
        if (queue.keep(source, bytes.length)) {
          kept++;
        } else {
          queue.add(source, bytes.length);
        }
      } else {
        byte[] target = new byte[random.nextInt(20_000)];
        int taken = queue.take(target, 0, target.length);
        out.write(target, 0, taken);
      }
      assertEquals(in.size() - out.size(), queue.size());
    }
    byte[] rest = new byte[queue.size()];
    assertEquals(rest.length, queue.take(rest, 0, rest.length));
    out.writeBytes(rest);
    assertArrayEquals(in.toByteArray(), out.toByteArray());
    assertEquals(0, queue.take(rest, 0, rest.length));
    assertTrue(kept > 50, kept + " arrays were kept");
  }

  @Test
  void an_array_that_is_hardly_used_is_not_kept() {
    Chunks pool = new Chunks(64 << 10, 4);
    ReceiveQueue queue = new ReceiveQueue(pool);
    int half = pool.bytes() / 2;
    assertFalse(queue.keep(ByteBuffer.wrap(pool.take()), half - 1));
    assertEquals(0, queue.size());
    assertTrue(queue.keep(ByteBuffer.wrap(pool.take()), half));
    assertEquals(half, queue.size());
  }

  @Test
  void a_cleared_receive_queue_is_empty() {
    ReceiveQueue queue = new ReceiveQueue(new Chunks(64 << 10, 4));
    queue.add(ByteBuffer.allocate(100_000), 100_000);
    assertEquals(100_000, queue.clear());
    assertEquals(0, queue.size());
    assertEquals(0, queue.clear());
  }
}
