package dev.cairn.libp2p.upgrade;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.multiformats.Multiaddr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class MultistreamTest {

  private static final String HEADER = "\u0013/multistream/1.0.0\n";
  private static final String NA = "\u0003na\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static InputStream in(String... parts) {
    return new ByteArrayInputStream(String.join("", parts).getBytes(ISO_8859_1));
  }

  private static String line(String text) {
    return (char) (text.length() + 1) + text + "\n";
  }

  private String sent() {
    return out.toString(ISO_8859_1);
  }

  /// An input that shows no byte before it is read, as a slow peer's.
  private static InputStream slow(String... parts) {
    InputStream all = in(parts);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return all.read();
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return all.read(target, offset, length);
      }
    };
  }

  @Test
  void a_dialer_sends_header_and_first_proposal_together() throws IOException {
    String taken = Multistream.select(in(HEADER, line("/noise")), out, List.of("/noise", "/tls"));
    assertEquals("/noise", taken);
    assertEquals(HEADER + line("/noise"), sent());
  }

  @Test
  void a_dialer_goes_on_after_na() throws IOException {
    String taken = Multistream.select(in(HEADER, NA, line("/b")), out, List.of("/a", "/b", "/c"));
    assertEquals("/b", taken);
    assertEquals(HEADER + line("/a") + line("/b"), sent());
  }

  @Test
  void a_dialer_says_when_nothing_is_common() {
    assertThrows(
        NoProtocolException.class,
        () -> Multistream.select(in(HEADER, NA, NA), out, List.of("/a", "/b")));
  }

  @Test
  void a_dialer_refuses_an_answer_that_it_did_not_propose() {
    assertThrows(
        ProtocolException.class,
        () -> Multistream.select(in(HEADER, line("/b")), out, List.of("/a")));
  }

  @Test
  void a_listener_answers_pipelined_proposals_and_leaves_what_follows() throws IOException {
    InputStream in = in(HEADER, line("/x"), line("/y"), line("/a"), "application data");
    assertEquals("/a", Multistream.handle(in, out, List.of("/a")));
    assertEquals(HEADER + NA + NA + line("/a"), sent());
    assertArrayEquals("application data".getBytes(UTF_8), in.readAllBytes());
  }

  @Test
  void a_listener_sends_its_header_first_to_a_dialer_that_waits() throws IOException {
    assertEquals("/a", Multistream.handle(slow(HEADER, line("/a")), out, List.of("/a")));
    assertEquals(HEADER + line("/a"), sent());
    try (Pair pair = new Pair()) {
      FutureTask<String> listener =
          TwoPeers.async(() -> Multistream.handle(pair.b.input(), pair.b.output(), List.of("/a")));
      byte[] header = pair.a.input().readNBytes(HEADER.length());
      assertEquals(HEADER, new String(header, ISO_8859_1));
      pair.a.output().write((HEADER + line("/a")).getBytes(ISO_8859_1));
      assertEquals("/a", TwoPeers.result(listener));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_listener_names_the_dialer_that_gives_up() {
    assertThrows(
        NoProtocolException.class,
        () -> Multistream.handle(in(HEADER, line("/x")), out, List.of("/a")));
    assertEquals(HEADER + NA, sent());
  }

  @Test
  void proposals_are_counted() throws IOException {
    List<String> parts = new ArrayList<>(List.of(HEADER));
    for (int i = 1; i < Multistream.PROPOSALS_MAX; i++) {
      parts.add(line("/x"));
    }
    String most = String.join("", parts);
    assertEquals("/a", Multistream.handle(in(most, line("/a")), out, List.of("/a")));
    assertThrows(
        NoProtocolException.class,
        () -> Multistream.handle(in(most, line("/x"), line("/a")), out, List.of("/a")));
  }

  @Test
  void two_dialers_headers_may_cross() throws Exception {
    try (Pair pair = new Pair()) {
      // The listener's header is on its way before the dialer has said anything.
      pair.b.output().write(HEADER.getBytes(ISO_8859_1));
      FutureTask<String> dialer =
          TwoPeers.async(() -> Multistream.select(pair.a.input(), pair.a.output(), List.of("/a")));
      byte[] proposal = pair.b.input().readNBytes(HEADER.length() + line("/a").length());
      assertEquals(HEADER + line("/a"), new String(proposal, ISO_8859_1));
      pair.b.output().write(line("/a").getBytes(ISO_8859_1));
      assertEquals("/a", TwoPeers.result(dialer));
    }
  }

  @Test
  void a_line_has_1024_bytes_at_most() throws IOException {
    String longest = "/" + "a".repeat(1_022);
    String fits = "\u0080\u0008" + longest + "\n";
    assertEquals(longest, Multistream.handle(in(HEADER, fits), out, List.of(longest)));
    String over = "\u0081\u0008" + longest + "a\n";
    assertThrows(
        ProtocolException.class,
        () -> Multistream.handle(in(HEADER, over), out, List.of(longest + "a")));
  }

  @Test
  void a_length_is_a_shortest_varint_of_nine_bytes_at_most() {
    refused("\u0083\u0000/a\n");
    refused("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u0001/a\n");
    refused("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f/a\n");
    refused("\u0000");
  }

  private void refused(String line) {
    assertThrows(
        ProtocolException.class, () -> Multistream.handle(in(HEADER, line), out, List.of("/a")));
  }

  @Test
  void a_line_ends_with_a_newline() {
    refused("\u0003/ab");
  }

  @Test
  void a_stream_that_ends_inside_a_line_is_at_its_end() {
    assertThrows(
        EOFException.class, () -> Multistream.handle(in(HEADER, "\u0009/a"), out, List.of("/a")));
    assertThrows(EOFException.class, () -> Multistream.handle(in(), out, List.of("/a")));
  }

  @Test
  void another_header_is_refused() {
    assertThrows(
        ProtocolException.class,
        () -> Multistream.handle(in("\u0013/multistream/2.0.0\n"), out, List.of("/a")));
    assertThrows(
        ProtocolException.class,
        () -> Multistream.select(in("GET / HTTP/1.1\r\n" + "a".repeat(80)), out, List.of("/a")));
  }

  @Test
  void an_unconfirmed_proposal_lets_data_follow_at_once() throws IOException {
    InputStream answer = Multistream.propose(in(HEADER, line("/a"), "answer"), out, "/a");
    out.write("request".getBytes(UTF_8));
    assertEquals(HEADER + line("/a") + "request", sent());
    assertArrayEquals("answer".getBytes(UTF_8), answer.readAllBytes());
    InputStream refused = Multistream.propose(in(HEADER, NA), out, "/a");
    assertThrows(NoProtocolException.class, refused::read);
  }

  @Test
  void random_bytes_only_ever_throw_io_exceptions() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      String tail = new String(bytes, ISO_8859_1);
      InputStream in = random.nextBoolean() ? in(tail) : in(HEADER, tail);
      try {
        Multistream.handle(in, out, List.of("/a"));
      } catch (Exception e) {
        assertInstanceOf(IOException.class, e);
      }
      out.reset();
    }
  }

  /// Two ends of a link in memory.
  private static final class Pair implements AutoCloseable {
    final Link a;
    final Link b;

    Pair() throws IOException {
      MemoryTransport memory = new MemoryTransport(new MemoryNetwork());
      try (Listener listener = memory.listen(Multiaddr.parse("/memory/1"))) {
        a = memory.dial(listener.address(), Duration.ofSeconds(1));
        b = listener.accept();
      }
    }

    @Override
    public void close() {
      a.close();
      b.close();
    }
  }
}
