package dev.cairn.libp2p.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.crypto.X25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.secure.ReadAhead;
import dev.cairn.libp2p.secure.SecureLink;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.multiformats.Multiaddr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NoiseTest {

  private static final String YAMUX = "/yamux/1.0.0";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Identity ALICE = Identity.generate(RANDOM);
  private static final Identity BOB = Identity.generate(RANDOM);

  private final NoiseBuffers buffers = NoiseBuffers.of(8);
  private Link near;
  private Link far;

  NoiseTest() throws IOException {
    MemoryTransport memory = new MemoryTransport(new MemoryNetwork());
    try (Listener listener = memory.listen(Multiaddr.parse("/memory/1"))) {
      near = memory.dial(listener.address(), Duration.ofSeconds(1));
      far = listener.accept();
    }
  }

  @BeforeEach
  void limit() {
    near.readTimeout(Duration.ofSeconds(20));
    far.readTimeout(Duration.ofSeconds(20));
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  private Noise noise(Identity identity, String... muxers) {
    return new Noise(identity, List.of(muxers), buffers, RANDOM);
  }

  private SecureLink dial(Noise noise, Optional<PeerId> expected) throws IOException {
    ReadAhead in = new ReadAhead(near, buffers.reads());
    return noise.dial(near, in, expected, new byte[0], () -> {});
  }

  private FutureTask<SecureLink> answering(Noise noise) {
    return async(() -> noise.answer(far, new ReadAhead(far, buffers.reads()), new byte[0]));
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void background(Work work) {
    Thread.startVirtualThread(
        () -> {
          try {
            work.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static <T> FutureTask<T> async(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.startVirtualThread(task);
    return task;
  }

  private static <T> T result(FutureTask<T> task) throws Exception {
    try {
      return task.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : e;
    }
  }

  private record Ends(SecureLink alice, SecureLink bob) {}

  private Ends ends() throws Exception {
    FutureTask<SecureLink> bob = answering(noise(BOB, YAMUX));
    return new Ends(dial(noise(ALICE, YAMUX), Optional.of(BOB.id())), result(bob));
  }

  @Test
  void a_link_knows_whether_a_whole_frame_has_come() throws Exception {
    Ends ends = ends();
    assertFalse(ends.bob().ready());
    ends.alice().output().write(new byte[10]);
    ends.alice().output().write(new byte[2_000]);
    // The second frame waits in the link, behind a first read that took the other one alone.
    while (far.available() < 2 * (2 + 16) + 2_010) {
      Thread.onSpinWait();
    }
    assertTrue(ends.bob().read(NoiseTest::drop));
    assertTrue(ends.bob().ready());
    assertTrue(ends.bob().read(NoiseTest::drop));
    assertFalse(ends.bob().ready());
    near.output().write(new byte[] {0, 100, 1});
    while (far.available() < 3) {
      Thread.onSpinWait();
    }
    assertFalse(ends.bob().ready());
  }

  private static boolean drop(ByteBuffer source, boolean mine) {
    source.position(source.limit());
    return false;
  }

  // --- the handshake

  @Test
  void both_sides_prove_their_keys_and_agree_on_the_muxer() throws Exception {
    Ends ends = ends();
    assertEquals(BOB.id(), PeerId.of(ends.alice().remoteKey()));
    assertEquals(ALICE.id(), PeerId.of(ends.bob().remoteKey()));
    assertEquals(Optional.of(YAMUX), ends.alice().muxer());
    assertEquals(Optional.of(YAMUX), ends.bob().muxer());
  }

  @Test
  void the_initiators_first_muxer_that_both_speak_wins() throws Exception {
    FutureTask<SecureLink> bob = answering(noise(BOB, "/c", "/b", "/a"));
    SecureLink alice = dial(noise(ALICE, "/x", "/a", "/b"), Optional.empty());
    assertEquals(Optional.of("/a"), alice.muxer());
    assertEquals(Optional.of("/a"), result(bob).muxer());
  }

  @Test
  void a_side_that_names_no_muxer_leaves_it_to_negotiation() throws Exception {
    FutureTask<SecureLink> bob = answering(noise(BOB));
    assertEquals(Optional.empty(), dial(noise(ALICE, YAMUX), Optional.empty()).muxer());
    assertEquals(Optional.empty(), result(bob).muxer());
  }

  @Test
  void another_peer_than_the_expected_one_is_refused() {
    FutureTask<SecureLink> bob = answering(noise(BOB, YAMUX));
    ProtocolException e =
        assertThrows(
            ProtocolException.class, () -> dial(noise(ALICE, YAMUX), Optional.of(ALICE.id())));
    assertTrue(String.valueOf(e.getMessage()).contains(BOB.id().toString()));
    near.close();
    assertThrows(IOException.class, () -> result(bob));
  }

  /// A responder that puts any payload into its message.
  private void impostor(byte[] payload) throws IOException {
    byte[] first = message(far.input());
    Handshake handshake =
        new Handshake(
            false, new byte[0], X25519Key.fromPrivate(new byte[32]), X25519Key.generate(RANDOM));
    handshake.read(first);
    frame(far, handshake.write(payload));
  }

  private static byte[] message(InputStream in) throws IOException {
    int length = in.read() << 8 | in.read();
    return in.readNBytes(length);
  }

  private static void frame(Link link, byte[] message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(message.length >>> 8);
    out.write(message.length);
    out.writeBytes(message);
    link.output().write(out.toByteArray());
  }

  private void refusesPayload(byte[] payload) {
    background(() -> impostor(payload));
    assertThrows(ProtocolException.class, () -> dial(noise(ALICE, YAMUX), Optional.empty()));
  }

  private static byte[] staticKey() {
    return X25519Key.fromPrivate(new byte[32]).publicKey();
  }

  @Test
  void a_sound_payload_of_the_impostor_passes() throws Exception {
    byte[] signature = BOB.key().sign(Noise.signed(staticKey()));
    byte[] payload = new Payload(BOB.publicKey().encode(), signature, List.of()).encode();
    background(() -> impostor(payload));
    SecureLink link = dial(noise(ALICE, YAMUX), Optional.of(BOB.id()));
    assertEquals(BOB.publicKey(), link.remoteKey());
  }

  @Test
  void a_signature_of_another_key_is_refused() {
    byte[] signature = ALICE.key().sign(Noise.signed(staticKey()));
    refusesPayload(new Payload(BOB.publicKey().encode(), signature, List.of()).encode());
  }

  @Test
  void a_signature_without_the_prefix_is_refused() {
    byte[] signature = BOB.key().sign(staticKey());
    refusesPayload(new Payload(BOB.publicKey().encode(), signature, List.of()).encode());
  }

  @Test
  void a_signature_over_another_static_key_is_refused() {
    byte[] signature = BOB.key().sign(Noise.signed(new byte[32]));
    refusesPayload(new Payload(BOB.publicKey().encode(), signature, List.of()).encode());
  }

  @Test
  void a_malformed_payload_is_refused() {
    refusesPayload(new byte[0]);
    byte[] unknownKind = {8, 9, 18, 1, 1};
    refusesPayload(new Payload(unknownKind, new byte[64], List.of()).encode());
  }

  @Test
  void a_handshake_message_has_a_limit() {
    background(() -> far.output().write(new byte[] {(byte) 0x20, 1}));
    assertThrows(ProtocolException.class, () -> dial(noise(ALICE, YAMUX), Optional.empty()));
  }

  @Test
  void a_point_of_low_order_is_refused() throws Exception {
    FutureTask<SecureLink> bob = answering(noise(BOB, YAMUX));
    frame(near, new byte[32]);
    assertThrows(ProtocolException.class, () -> result(bob));
  }

  @Test
  void a_handshake_that_is_cut_off_ends_with_an_io_exception() {
    FutureTask<SecureLink> bob = answering(noise(BOB, YAMUX));
    near.close();
    assertThrows(IOException.class, () -> result(bob));
  }

  // --- the channel

  private static byte[] readAll(SecureLink link) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean more;
    do {
      more =
          link.read(
              (source, _) -> {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                out.writeBytes(bytes);
                return false;
              });
    } while (more);
    return out.toByteArray();
  }

  @Test
  void bytes_of_any_number_come_through() throws Exception {
    Ends ends = ends();
    byte[] sent = new byte[1_000_000];
    new Random(1).nextBytes(sent);
    FutureTask<byte[]> received = async(() -> readAll(ends.bob()));
    int at = 0;
    for (int size = 1; at < sent.length; size = size * 3 + 1) {
      int count = Math.min(size, sent.length - at);
      ends.alice().output().write(sent, at, count);
      at += count;
    }
    near.close();
    assertArrayEquals(sent, result(received));
  }

  @Test
  void a_batch_of_frames_in_two_parts_leaves_in_one_write() throws Exception {
    Ends ends = ends();
    byte[] sent = new byte[120_000];
    new Random(2).nextBytes(sent);
    ByteBuffer left = ByteBuffer.wrap(sent);
    int written =
        ends.alice()
            .write(
                target -> {
                  int count = Math.min(target.remaining(), left.remaining());
                  target.put(left.slice(left.position(), count / 3));
                  ByteBuffer tail = left.slice(left.position() + count / 3, count - count / 3);
                  left.position(left.position() + count);
                  return tail;
                });
    assertEquals(sent.length, written);
    near.close();
    assertArrayEquals(sent, readAll(ends.bob()));
  }

  @Test
  void what_negotiation_leaves_unread_comes_next() throws Exception {
    Ends ends = ends();
    ends.alice().output().write("negotiated, data".getBytes(UTF_8));
    InputStream in = ends.bob().input();
    assertEquals("negotiated", new String(in.readNBytes(10), UTF_8));
    near.close();
    assertEquals(", data", new String(readAll(ends.bob()), UTF_8));
    assertFalse(ends.bob().read(NoiseTest::drop));
  }

  @Test
  void an_empty_frame_is_no_end() throws Exception {
    Ends ends = ends();
    FutureTask<byte[]> received = async(() -> readAll(ends.bob()));
    assertEquals(0, ends.alice().write(_ -> ByteBuffer.allocate(0)));
    ends.alice().output().write("after".getBytes(UTF_8));
    near.close();
    assertEquals("after", new String(result(received), UTF_8));
  }

  @Test
  void a_frame_without_room_for_its_tag_is_refused() throws Exception {
    Ends ends = ends();
    near.output().write(new byte[] {0, 15});
    assertThrows(ProtocolException.class, () -> readAll(ends.bob()));
  }

  @Test
  void a_frame_that_is_not_authentic_is_refused() throws Exception {
    Ends ends = ends();
    frame(near, new byte[20]);
    assertThrows(ProtocolException.class, () -> readAll(ends.bob()));
  }

  @Test
  void a_frame_that_is_cut_off_is_no_clean_end() throws Exception {
    Ends ends = ends();
    near.output().write(new byte[] {0, 20, 1, 2, 3});
    near.close();
    assertThrows(IOException.class, () -> readAll(ends.bob()));
  }

  @Test
  void changed_handshakes_never_pass_and_never_break_anything() throws Exception {
    Random random = new Random(9);
    Identity fixed = Identity.of(Ed25519Key.fromSeed(new byte[32]));
    for (int i = 0; i < 60; i++) {
      NoiseTest pair = new NoiseTest();
      pair.limit();
      FutureTask<SecureLink> bob = pair.answering(pair.noise(fixed, YAMUX));
      int changed = random.nextInt(3);
      if (changed == 0) {
        byte[] garbage = new byte[random.nextInt(200)];
        random.nextBytes(garbage);
        frame(pair.near, garbage);
      } else {
        Handshake handshake =
            new Handshake(
                true, new byte[0], X25519Key.generate(RANDOM), X25519Key.generate(RANDOM));
        frame(pair.near, handshake.write(new byte[0]));
        handshake.read(message(pair.near.input()));
        byte[] third = handshake.write(new byte[random.nextInt(300)]);
        third[random.nextInt(third.length)] ^= (byte) (1 << random.nextInt(8));
        frame(pair.near, changed == 1 ? third : Arrays.copyOf(third, random.nextInt(third.length)));
      }
      pair.near.close();
      Exception e = assertThrows(Exception.class, () -> result(bob));
      assertInstanceOf(IOException.class, e);
    }
  }
}
