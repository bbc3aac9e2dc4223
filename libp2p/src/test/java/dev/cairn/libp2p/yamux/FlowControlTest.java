package dev.cairn.libp2p.yamux;

import static dev.cairn.libp2p.yamux.Frame.ACK;
import static dev.cairn.libp2p.yamux.Frame.DATA;
import static dev.cairn.libp2p.yamux.Frame.PING;
import static dev.cairn.libp2p.yamux.Frame.SYN;
import static dev.cairn.libp2p.yamux.Frame.WINDOW_UPDATE;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowControlTest {

  private static final int WINDOW = 262_144;

  private final Yamux dialer = new Yamux(true);
  private final Yamux listener = new Yamux(false);

  private StreamState inbound(Yamux yamux) throws IOException {
    yamux.in(WINDOW_UPDATE, SYN, 1, 0);
    return yamux.accept();
  }

  @Test
  void we_send_exactly_262144_bytes_of_data_without_credit() throws IOException {
    StreamState stream = dialer.open();
    dialer.write(stream, new byte[300_000]);
    int sent = 0;
    for (String frame : dialer.out()) {
      sent += Integer.parseInt(frame.replaceAll(".* 1 | bytes", ""));
    }
    assertEquals(WINDOW, sent);
    assertFalse(dialer.session.pending());
    dialer.in(WINDOW_UPDATE, ACK, 1, 1_000);
    assertEquals(List.of("DATA 1 1000 bytes"), dialer.out());
  }

  @Test
  void headers_do_not_count() throws IOException {
    StreamState stream = dialer.open();
    for (int i = 0; i < WINDOW; i += 64) {
      dialer.write(stream, new byte[64]).out();
    }
    assertEquals(0, stream.sendWindow);
  }

  @Test
  void a_syn_may_carry_credit() throws IOException {
    listener.in(WINDOW_UPDATE, SYN, 1, 5_000);
    assertEquals(WINDOW + 5_000, listener.accept().sendWindow);
  }

  @Test
  void credit_beyond_32_bits_is_refused() throws IOException {
    StreamState stream = inbound(listener);
    long most = 0xffff_ffffL - WINDOW;
    listener.in(WINDOW_UPDATE, 0, 1, most);
    assertEquals(0xffff_ffffL, stream.sendWindow);
    assertThrows(YamuxException.class, () -> listener.in(WINDOW_UPDATE, 0, 1, 1));
  }

  @Test
  void data_beyond_the_window_is_refused_before_it_arrives() throws IOException {
    inbound(listener);
    listener.data(0, 1, new byte[WINDOW]);
    assertThrows(YamuxException.class, () -> listener.in(DATA, 0, 1, 1));
  }

  @Test
  void data_on_a_syn_is_held_to_the_window_too() throws IOException {
    listener.data(SYN, 1, new byte[WINDOW]);
    assertThrows(YamuxException.class, () -> listener.in(DATA, SYN, 3, WINDOW + 1L));
  }

  @Test
  void credit_is_given_when_the_owner_has_read_and_not_on_arrival() throws IOException {
    StreamState stream = inbound(listener);
    listener.session.announce(stream);
    listener.out();
    listener.data(0, 1, new byte[WINDOW]);
    assertEquals(List.of(), listener.out());
    listener.read(stream, WINDOW / 2 - 1);
    assertEquals(List.of(), listener.out());
    listener.read(stream, 1);
    assertEquals(List.of("PING[SYN] 0 0", "WINDOW 1 131072"), listener.out());
    listener.read(stream, WINDOW / 2);
    assertEquals(List.of("WINDOW 1 131072"), listener.out());
    assertEquals(WINDOW, stream.window.remaining());
  }

  @Test
  void no_credit_is_given_for_a_stream_at_its_end() throws IOException {
    StreamState stream = inbound(listener);
    listener.data(Frame.FIN, 1, new byte[WINDOW]);
    listener.read(stream, WINDOW);
    assertEquals(List.of(), listener.out());
  }

  /// Reads half a window after half a window, each taking `nanos`, and returns the credits.
  private List<Integer> credits(Yamux yamux, long roundTrip, long nanos, int times)
      throws IOException {
    StreamState stream = inbound(yamux);
    yamux.session.announce(stream);
    yamux.session.ping(yamux.now);
    yamux.out();
    yamux.now += roundTrip;
    yamux.in(PING, ACK, 0, 0);
    List<Integer> credits = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      int half = stream.window.target() / 2;
      yamux.data(0, 1, new byte[half]);
      yamux.now += nanos;
      yamux.read(stream, half);
      for (String frame : yamux.out()) {
        if (frame.startsWith("WINDOW 1 ")) {
          credits.add(Integer.parseInt(frame.substring("WINDOW 1 ".length())));
        }
      }
    }
    return credits;
  }

  @Test
  void the_window_doubles_while_it_limits_the_speed() throws IOException {
    List<Integer> credits = credits(listener, 1_000_000, 3_900_000, 3);
    assertEquals(List.of(131_072 + 262_144, 262_144 + 524_288, 524_288 + 1_048_576), credits);
  }

  @Test
  void the_window_stays_when_the_owner_reads_slowly() throws IOException {
    List<Integer> credits = credits(listener, 1_000_000, 4_000_000, 3);
    assertEquals(List.of(131_072, 131_072, 131_072), credits);
  }

  @Test
  void the_window_grows_to_its_limit() throws IOException {
    Yamux small = new Yamux(false, Yamux.params(400_000, 1 << 30, 1 << 30, 256));
    List<Integer> credits = credits(small, 1_000_000, 1_000, 3);
    assertEquals(List.of(131_072 + 400_000 - 262_144, 200_000, 200_000), credits);
    Yamux large = new Yamux(false);
    credits(large, 1_000_000, 1_000, 12);
    assertEquals(16 << 20, requireNonNull(large.session.streams().find(1)).window.target());
  }

  @Test
  void all_windows_of_a_connection_share_a_budget() throws IOException {
    Yamux tight = new Yamux(false, Yamux.params(16 << 20, 300_000, 1 << 30, 256));
    List<Integer> credits = credits(tight, 1_000_000, 1_000, 3);
    assertEquals(131_072 + 262_144, credits.get(0));
    assertEquals(262_144 + 300_000 - 262_144, credits.get(1));
    assertEquals(0, tight.session.streams().growth().budget());
    tight.session.streams().reset(requireNonNull(tight.session.streams().find(1)), "done");
    assertEquals(300_000, tight.session.streams().growth().budget());
  }

  @Test
  void a_stream_that_nobody_reads_is_reset_at_the_connections_limit() throws IOException {
    Yamux tight = new Yamux(false, Yamux.params(WINDOW, 0, 100_000, 256));
    StreamState first = inbound(tight);
    tight.data(0, 1, new byte[60_000]);
    tight.data(SYN, 3, new byte[40_000]);
    StreamState second = tight.accept();
    tight.session.announce(second);
    tight.out();
    tight.data(0, 3, new byte[1]);
    assertEquals(List.of("WINDOW[RST] 3 0"), tight.out());
    assertTrue(second.ended != null);
    assertEquals(60_000, tight.session.streams().bufferedBytes());
    assertEquals(60_000, tight.read(first, 100_000).length());
    assertEquals(0, tight.session.streams().bufferedBytes());
  }

  @Test
  void streams_take_turns() throws IOException {
    StreamState first = dialer.open();
    StreamState second = dialer.open();
    dialer.write(first, new byte[40_000]).write(second, new byte[40_000]);
    StreamState third = dialer.open();
    dialer.write(third, "short");
    List<String> sent = dialer.out();
    assertEquals("DATA[SYN] 1 16384 bytes", sent.get(0));
    assertEquals("DATA[SYN] 3 16384 bytes", sent.get(1));
    assertEquals("DATA[SYN] 5 short", sent.get(2));
  }

  @Test
  void a_stream_alone_fills_the_frame() throws IOException {
    dialer.write(dialer.open(), new byte[200_000]);
    assertEquals("DATA[SYN] 1 " + (65_519 - 24) + " bytes", dialer.out().getFirst());
    assertTrue(UpgradeParams.defaults().windowBytesMax() == 16 << 20);
  }

  @Test
  void small_writes_leave_together() throws IOException {
    StreamState stream = dialer.open();
    for (int i = 0; i < 10; i++) {
      dialer.write(stream, "ab");
    }
    assertEquals(List.of("DATA[SYN] 1 abababababababababab"), dialer.out());
  }
}
