package dev.cairn.libp2p.yamux;

import static dev.cairn.libp2p.yamux.Frame.ACK;
import static dev.cairn.libp2p.yamux.Frame.DATA;
import static dev.cairn.libp2p.yamux.Frame.FIN;
import static dev.cairn.libp2p.yamux.Frame.GO_AWAY;
import static dev.cairn.libp2p.yamux.Frame.PING;
import static dev.cairn.libp2p.yamux.Frame.RST;
import static dev.cairn.libp2p.yamux.Frame.SYN;
import static dev.cairn.libp2p.yamux.Frame.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Transcripts: frames in, exact frames out.
class SessionTest {

  private static final UpgradeParams PARAMS = UpgradeParams.defaults();

  private final Yamux dialer = new Yamux(true);
  private final Yamux listener = new Yamux(false);

  // --- opening

  @Test
  void the_dialers_ids_are_odd_and_the_listeners_even() throws IOException {
    assertEquals(1, dialer.open().id);
    assertEquals(3, dialer.open().id);
    assertEquals(2, listener.open().id);
    assertEquals(4, listener.open().id);
  }

  @Test
  void the_first_data_carries_syn() throws IOException {
    StreamState stream = dialer.open();
    assertEquals(List.of(), dialer.out());
    assertEquals(List.of("DATA[SYN] 1 hello"), dialer.write(stream, "hello").out());
    assertEquals(List.of("DATA 1 more"), dialer.write(stream, "more").out());
  }

  @Test
  void a_stream_that_waits_for_the_peer_is_announced() throws IOException {
    StreamState stream = dialer.open();
    dialer.session.announce(stream);
    assertEquals(List.of("WINDOW[SYN] 1 0"), dialer.out());
    dialer.session.announce(stream);
    assertEquals(List.of(), dialer.out());
  }

  @Test
  void an_accepted_stream_is_acknowledged_with_its_first_data() throws IOException {
    listener.data(SYN, 1, "hello");
    assertEquals(List.of(), listener.out());
    StreamState stream = listener.accept();
    assertEquals("hello", listener.read(stream, 100));
    assertEquals(List.of("DATA[ACK] 1 answer"), listener.write(stream, "answer").out());
  }

  @Test
  void an_accepted_stream_that_waits_is_acknowledged_alone() throws IOException {
    listener.in(WINDOW_UPDATE, SYN, 1, 0);
    listener.session.announce(listener.accept());
    assertEquals(List.of("WINDOW[ACK] 1 0"), listener.out());
  }

  @Test
  void the_peer_may_not_use_our_ids() {
    assertThrows(YamuxException.class, () -> listener.in(WINDOW_UPDATE, SYN, 2, 0));
    assertThrows(YamuxException.class, () -> dialer.in(WINDOW_UPDATE, SYN, 1, 0));
    assertThrows(YamuxException.class, () -> dialer.in(WINDOW_UPDATE, SYN, 0, 0));
  }

  @Test
  void an_id_is_used_once() throws IOException {
    listener.in(DATA, SYN, 1, 0);
    assertThrows(YamuxException.class, () -> listener.in(DATA, SYN, 1, 0));
  }

  @Test
  void an_id_is_used_once_even_when_its_stream_is_gone() throws IOException {
    listener.in(DATA, SYN, 1, 0).in(DATA, RST, 1, 0);
    assertThrows(YamuxException.class, () -> listener.in(DATA, SYN, 1, 0));
  }

  @Test
  void ids_may_arrive_out_of_order() throws IOException {
    listener.in(DATA, SYN, 5, 0).in(DATA, SYN, 1, 0).in(DATA, SYN, 3, 0);
    assertEquals(3, listener.session.streams().size());
    assertThrows(YamuxException.class, () -> listener.in(DATA, SYN, 3, 0));
  }

  @Test
  void skipped_ids_are_remembered_within_a_limit() {
    StreamIds ids = new StreamIds(1);
    assertTrue(ids.use(4_294_967_295L));
    assertEquals(StreamIds.SKIPPED_MAX, ids.remembered());
    assertTrue(ids.use(4_294_967_293L));
    assertFalse(ids.use(1));
    assertTrue(ids.used(1));
  }

  @Test
  void the_257th_unacknowledged_stream_of_the_peer_is_reset() throws IOException {
    for (int i = 0; i < PARAMS.unacknowledgedMax(); i++) {
      listener.in(WINDOW_UPDATE, SYN, 2 * i + 1, 0);
    }
    assertEquals(List.of(), listener.out());
    listener.data(SYN, 513, "dropped");
    assertEquals(List.of("WINDOW[RST] 513 0"), listener.out());
    listener.accept();
    listener.in(WINDOW_UPDATE, SYN, 515, 0);
    assertEquals(List.of(), listener.out());
  }

  @Test
  void we_leave_at_most_256_streams_unacknowledged() throws IOException {
    for (int i = 0; i < PARAMS.unacknowledgedMax(); i++) {
      dialer.session.announce(dialer.open());
    }
    assertTrue(dialer.session.open().isEmpty());
    dialer.in(WINDOW_UPDATE, ACK, 7, 0);
    assertEquals(513, dialer.open().id);
    assertTrue(dialer.session.open().isEmpty());
  }

  // --- flags

  @Test
  void syn_and_fin_in_one_frame_both_count() throws IOException {
    listener.data(SYN | FIN, 1, "all of it");
    StreamState stream = listener.accept();
    assertEquals("all of it", listener.read(stream, 100));
    assertTrue(stream.finReceived);
  }

  @Test
  void ack_and_fin_in_one_frame_both_count() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "hello").out();
    dialer.in(WINDOW_UPDATE, ACK | FIN, 1, 0);
    assertTrue(stream.acknowledged);
    assertTrue(stream.finReceived);
  }

  @Test
  void a_credit_with_fin_still_counts() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "hello").out();
    dialer.in(WINDOW_UPDATE, FIN, 1, 1_000);
    assertEquals(262_144 - 5 + 1_000, stream.sendWindow);
    assertTrue(stream.finReceived);
  }

  @Test
  void syn_and_rst_in_one_frame_leave_nothing() throws IOException {
    listener.data(SYN | RST, 1, "dropped").data(0, 1, "and this");
    assertTrue(listener.session.accept().isEmpty());
    assertEquals(0, listener.session.streams().size());
    assertEquals(0, listener.session.streams().bufferedBytes());
  }

  @Test
  void an_rst_never_adds_its_length_to_the_window() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "hello").out();
    dialer.in(WINDOW_UPDATE, RST, 1, 0xffff_ffffL);
    assertEquals(262_144 - 5, stream.sendWindow);
    assertEquals("the peer has reset the stream", stream.ended);
  }

  @Test
  void data_ends_before_its_fin_is_seen() throws IOException {
    listener.data(SYN | FIN, 1, "");
    assertTrue(listener.accept().finReceived);
    // The payload of a frame with FIN may come in pieces: the end comes behind the last.
    var frame = Yamux.frame(DATA, SYN | FIN, 3, 4, "data".getBytes(UTF_8));
    listener.session.receive(frame.slice(0, 14), false, listener.now);
    StreamState stream = listener.accept();
    assertFalse(stream.finReceived);
    listener.session.receive(frame.slice(14, 2), false, listener.now);
    assertTrue(stream.finReceived);
    assertEquals("data", listener.read(stream, 10));
  }

  @Test
  void data_behind_the_end_is_refused() throws IOException {
    listener.data(SYN | FIN, 1, "all");
    assertThrows(YamuxException.class, () -> listener.data(0, 1, "more"));
  }

  @Test
  void our_end_goes_in_a_frame_of_its_own() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "request");
    dialer.session.streams().closeWrite(stream);
    assertEquals(List.of("DATA[SYN] 1 request", "DATA[FIN] 1"), dialer.out());
    assertTrue(stream.finSent);
  }

  @Test
  void the_end_of_a_stream_follows_data_that_stayed_where_it_lies() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, new byte[40_000]);
    dialer.session.streams().closeWrite(stream);
    ByteBuffer target = ByteBuffer.allocate(65_000);
    assertEquals(40_000, dialer.session.fill(target, dialer.now).remaining());
    assertEquals(Frame.BYTES, target.position());
    assertEquals(List.of("DATA[FIN] 1"), dialer.out());
  }

  @Test
  void an_empty_stream_is_opened_and_ended() throws IOException {
    dialer.session.streams().closeWrite(dialer.open());
    assertEquals(List.of("WINDOW[SYN] 1 0", "DATA[FIN] 1"), dialer.out());
  }

  // --- frames that belong to nothing

  @Test
  void frames_for_a_stream_just_closed_are_dropped() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "hello").out();
    dialer.session.streams().reset(stream, "enough");
    assertEquals(List.of("WINDOW[RST] 1 0"), dialer.out());
    dialer.data(0, 1, "late").in(WINDOW_UPDATE, 0, 1, 500).in(DATA, FIN, 1, 0).in(DATA, RST, 1, 0);
    assertEquals(List.of(), dialer.out());
    assertEquals(0, dialer.session.streams().size());
  }

  @Test
  void data_for_a_closed_stream_is_at_most_a_window() throws IOException {
    dialer.session.streams().reset(dialer.open(), "enough");
    dialer.in(DATA, 0, 1, PARAMS.windowBytesMax());
    StreamState other = new Yamux(true).open();
    assertEquals(1, other.id);
    Yamux strict = new Yamux(true);
    strict.session.streams().reset(strict.open(), "enough");
    assertThrows(YamuxException.class, () -> strict.in(DATA, 0, 1, PARAMS.windowBytesMax() + 1L));
  }

  @Test
  void frames_for_a_stream_that_never_was_are_refused() {
    assertThrows(YamuxException.class, () -> listener.data(0, 1, "data"));
    assertThrows(YamuxException.class, () -> listener.in(WINDOW_UPDATE, 0, 2, 1));
    assertThrows(YamuxException.class, () -> listener.in(WINDOW_UPDATE, FIN, 0, 1));
  }

  @Test
  void a_reset_stream_that_was_never_announced_says_nothing() throws IOException {
    dialer.session.streams().reset(dialer.open(), "not needed");
    assertEquals(List.of(), dialer.out());
  }

  // --- the session

  @Test
  void a_ping_is_answered_with_its_value() throws IOException {
    listener.in(PING, SYN, 0, 0xcafe_f00dL);
    assertEquals(List.of("PING[ACK] 0 " + 0xcafe_f00dL), listener.out());
  }

  @Test
  void an_answer_that_nobody_waits_for_is_dropped() throws IOException {
    dialer.in(PING, ACK, 0, 77);
    assertFalse(dialer.session.streams().growth().known());
  }

  @Test
  void a_flood_of_pings_ends_the_session() throws IOException {
    for (int i = 0; i < Outbox.ANSWERS_MAX; i++) {
      listener.in(PING, SYN, 0, i);
    }
    assertThrows(YamuxException.class, () -> listener.in(PING, SYN, 0, 1));
    assertEquals(Outbox.ANSWERS_MAX, listener.out().size());
    listener.in(PING, SYN, 0, 1);
  }

  @Test
  void pings_under_way_are_limited() {
    for (int i = 0; i < RoundTrips.WAITING_MAX; i++) {
      assertTrue(dialer.session.ping(0).isPresent());
    }
    assertTrue(dialer.session.ping(0).isEmpty());
  }

  @Test
  void a_go_away_ends_opening_and_nothing_else() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "hello").out();
    dialer.in(GO_AWAY, 0, 0, 0);
    assertThrows(IOException.class, dialer::open);
    assertEquals(List.of("DATA 1 more"), dialer.write(stream, "more").out());
  }

  @Test
  void leaving_sends_what_is_queued_and_then_a_go_away() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "last words");
    dialer.session.streams().closeWrite(stream);
    dialer.session.leave();
    assertEquals(List.of("DATA[SYN] 1 last words", "DATA[FIN] 1", "GOAWAY 0 0"), dialer.out());
    assertThrows(EOFException.class, dialer::open);
    assertThrows(EOFException.class, dialer.session::accept);
  }

  @Test
  void a_session_that_leaves_refuses_new_streams() throws IOException {
    listener.session.leave();
    listener.out();
    listener.in(WINDOW_UPDATE, SYN, 1, 0);
    assertEquals(List.of("WINDOW[RST] 1 0"), listener.out());
  }

  @Test
  void a_fault_of_the_peer_is_told_to_it() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "never sent");
    dialer.session.fail(new YamuxException("fault"));
    assertEquals(List.of("GOAWAY 0 1"), dialer.out());
    assertEquals("yamux: fault", stream.ended);
    assertThrows(IOException.class, dialer::open);
  }

  @Test
  void streams_that_the_peer_does_not_end_are_reset_in_time() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, "hello");
    dialer.session.streams().close(stream, dialer.now);
    assertEquals(List.of("DATA[SYN] 1 hello", "DATA[FIN] 1"), dialer.out());
    dialer.data(ACK, 1, "dropped in peace");
    dialer.session.streams().tick(dialer.now + StreamTable.LINGER_NANOS);
    assertEquals(List.of(), dialer.out());
    dialer.session.streams().tick(dialer.now + StreamTable.LINGER_NANOS + 1);
    assertEquals(List.of("WINDOW[RST] 1 0"), dialer.out());
    assertEquals(0, dialer.session.streams().size());
  }

  @Test
  void only_so_many_streams_linger() throws IOException {
    Yamux many = new Yamux(true, Yamux.params(1 << 20, 1 << 20, 1 << 20, 1_000));
    for (int i = 0; i <= StreamTable.LINGERING_MAX; i++) {
      many.session.streams().close(many.open(), many.now);
    }
    List<String> sent = many.out();
    assertEquals("WINDOW[RST] 1 0", sent.getLast());
    assertEquals(StreamTable.LINGERING_MAX, many.session.streams().size());
  }
}
