package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// [FrameReader], [RpcWriter] and [Outbox].
class StreamPartsTest {

  /// Gives as many bytes with each read as chance has it.
  private static InputStream piecemeal(byte[] bytes, Random random) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public int read(byte[] target, int offset, int length) {
        return super.read(target, offset, 1 + random.nextInt(Math.max(1, length)));
      }
    };
  }

  private static byte[] framed(List<byte[]> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      out.writeBytes(Varint.encode(frame.length));
      out.writeBytes(frame);
    }
    return out.toByteArray();
  }

  @Test
  void frames_are_read_whatever_pieces_they_come_in() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<byte[]> frames = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] frame = new byte[random.nextInt(4) == 0 ? random.nextInt(200_000) : i];
        random.nextBytes(frame);
        frames.add(frame);
      }
      FrameReader reader = new FrameReader(piecemeal(framed(frames), random), 1 << 20);
      for (byte[] frame : frames) {
        assertArrayEquals(frame, reader.next().orElseThrow());
      }
      assertEquals(Optional.empty(), reader.next());
    }
  }

  private static FrameReader reading(String hex) {
    return new FrameReader(new ByteArrayInputStream(Hex.decode(hex)), 300);
  }

  @Test
  void a_frame_has_a_longest_length() throws IOException {
    assertEquals(300, new FrameReader(input(300), 300).next().orElseThrow().length);
    assertThrows(MalformedException.class, () -> new FrameReader(input(301), 300).next());
  }

  private static InputStream input(int length) {
    return new ByteArrayInputStream(framed(List.of(new byte[length])));
  }

  @Test
  void malformed_lengths_and_cut_frames_are_refused() {
    for (String hex : List.of("80", "8100", "0561", "ffffffffffffffffff", "ffffffffffffffffff01")) {
      assertThrows(MalformedException.class, () -> reading(hex).next(), hex);
    }
  }

  @Test
  void a_length_alone_makes_no_large_array() {
    // 1 MiB announced and nothing sent, many times over: with the whole allocated it takes seconds.
    byte[] announcement = Varint.encode(1 << 20);
    for (int i = 0; i < 20_000; i++) {
      FrameReader reader = new FrameReader(new ByteArrayInputStream(announcement), 1 << 20);
      assertThrows(MalformedException.class, reader::next);
    }
  }

  private static Fragment message(int bytes) {
    return Fragment.of(Message.unsigned("t", new byte[bytes]));
  }

  private static Fragment gossip() {
    return Fragment.of(
            new Control(
                List.of(), List.of(MessageId.of(new byte[20])), List.of(), List.of(), List.of()))
        .getFirst();
  }

  private static Fragment upkeep() {
    return Fragment.of(List.of(new TopicChange("t", true))).getFirst();
  }

  @Test
  void a_slow_peer_loses_gossip_first_then_messages_and_never_upkeep() {
    GossipMetrics metrics = new GossipMetrics();
    Outbox outbox = new Outbox(1_000, metrics);
    for (int i = 0; i < 30; i++) {
      assertTrue(outbox.offer(gossip()));
    }
    assertEquals(0, metrics.get(GossipCount.GOSSIP_DROPPED));
    outbox.offer(message(400));
    assertEquals(30, metrics.get(GossipCount.GOSSIP_DROPPED), "gossip makes room");
    outbox.offer(message(400));
    assertEquals(0, metrics.get(GossipCount.COPIES_DROPPED));
    outbox.offer(message(400));
    assertEquals(1, metrics.get(GossipCount.COPIES_DROPPED));
    for (int i = 0; i < 10; i++) {
      outbox.offer(gossip());
    }
    assertTrue(metrics.get(GossipCount.GOSSIP_DROPPED) > 30);
    int before = outbox.bytes();
    assertTrue(outbox.offer(upkeep()));
    assertEquals(before + upkeep().bytes(), outbox.bytes());
  }

  @Test
  void a_peer_that_reads_no_upkeep_is_given_up() {
    Outbox outbox = new Outbox(1_000, new GossipMetrics());
    int taken = 0;
    while (outbox.offer(upkeep())) {
      taken++;
    }
    assertEquals(Outbox.UPKEEP_BYTES_MAX / upkeep().bytes(), taken);
  }

  @Test
  void upkeep_goes_before_messages_and_gossip_last() throws InterruptedException {
    Outbox outbox = new Outbox(10_000, new GossipMetrics());
    outbox.offer(gossip());
    outbox.offer(message(10));
    outbox.offer(upkeep());
    List<Fragment> batch = outbox.take();
    assertEquals(
        List.of(Fragment.Kind.UPKEEP, Fragment.Kind.MESSAGE, Fragment.Kind.GOSSIP),
        batch.stream().map(Fragment::kind).toList());
    assertEquals(0, outbox.bytes());
  }

  @Test
  void a_write_takes_what_fits_or_one_long_message() throws InterruptedException {
    Outbox outbox = new Outbox(10_000_000, new GossipMetrics());
    outbox.offer(message(500_000));
    outbox.offer(message(500_000));
    assertEquals(1, outbox.take().size());
    assertEquals(1, outbox.take().size());
    for (int i = 0; i < 100; i++) {
      outbox.offer(message(1_000));
    }
    assertEquals(64, outbox.take().size());
    assertEquals(36, outbox.take().size());
    assertEquals(0, outbox.bytes());
  }

  @Test
  void a_stream_that_broke_ends_the_taking_but_not_that_of_the_next_stream()
      throws InterruptedException {
    Outbox outbox = new Outbox(10_000, new GossipMetrics());
    int turn = outbox.turn();
    outbox.offer(message(10));
    outbox.breakOff(turn);
    assertTrue(outbox.take().isEmpty());
    outbox.renew();
    assertEquals(0, outbox.bytes());
    outbox.breakOff(turn);
    outbox.offer(message(10));
    assertFalse(outbox.take().isEmpty());
    outbox.close();
    assertTrue(outbox.take().isEmpty());
    assertTrue(outbox.offer(message(10)));
    assertEquals(0, outbox.bytes());
  }

  @Test
  void short_messages_share_an_rpc_and_a_write() throws IOException {
    int[] writes = {0};
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("byte by byte");
          }

          @Override
          public void write(byte[] source, int offset, int length) {
            writes[0]++;
            bytes.write(source, offset, length);
          }
        };
    List<Fragment> fragments = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      fragments.add(message(1_000));
    }
    RpcWriter.write(fragments, out);
    assertEquals(1, writes[0]);
    FrameReader frames = new FrameReader(new ByteArrayInputStream(bytes.toByteArray()), 1 << 20);
    List<Integer> counts = new ArrayList<>();
    Optional<byte[]> frame = frames.next();
    while (frame.isPresent()) {
      assertTrue(frame.get().length <= GossipLimits.GATHER_BYTES_MAX);
      counts.add(RpcDecoder.decode(frame.get(), GossipLimits.STANDARD).messages().size());
      frame = frames.next();
    }
    assertEquals(List.of(32, 28), counts);
    bytes.reset();
    RpcWriter.write(List.of(message(900_000)), out);
    frames = new FrameReader(new ByteArrayInputStream(bytes.toByteArray()), 1 << 20);
    byte[] single = frames.next().orElseThrow();
    assertEquals(
        900_000,
        RpcDecoder.decode(single, GossipLimits.STANDARD).messages().getFirst().dataLength());
  }
}
