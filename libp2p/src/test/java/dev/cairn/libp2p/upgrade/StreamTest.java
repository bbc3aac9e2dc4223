package dev.cairn.libp2p.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Streams of a whole connection: multistream-select, Noise and yamux over a link in memory.
class StreamTest {

  /// More than a stream's first window and what its writer may leave behind.
  private static final int BEYOND_BUFFERS = 4 << 20;

  private final TwoPeers peers;

  StreamTest() throws Exception {
    peers =
        TwoPeers.over(
            new MemoryTransport(new MemoryNetwork()), "/memory/0", UpgradeParams.defaults());
  }

  @AfterEach
  void close() {
    peers.close();
  }

  private record Ends(MuxedStream ours, MuxedStream theirs) {}

  private Ends open() throws IOException {
    MuxedStream ours = peers.dialer().open();
    ours.output().write('!');
    MuxedStream theirs = peers.listener().accept();
    assertEquals('!', theirs.input().read());
    return new Ends(ours, theirs);
  }

  @Test
  void ids_follow_the_side_that_opens() throws IOException {
    assertEquals(1, open().ours().id());
    assertEquals(3, open().theirs().id());
    MuxedStream back = peers.listener().open();
    back.output().write(1);
    assertEquals(2, peers.dialer().accept().id());
  }

  @Test
  void a_stream_that_only_reads_reaches_the_peer() throws Exception {
    MuxedStream ours = peers.dialer().open();
    FutureTask<Integer> read = TwoPeers.async(() -> ours.input().read());
    MuxedStream theirs = peers.listener().accept();
    theirs.output().write(42);
    assertEquals(42, TwoPeers.result(read));
  }

  @Test
  void one_half_ends_while_the_other_goes_on() throws IOException {
    Ends ends = open();
    ends.ours().closeWrite();
    assertEquals(-1, ends.theirs().input().read());
    ends.theirs().output().write("still".getBytes(UTF_8));
    assertArrayEquals("still".getBytes(UTF_8), ends.ours().input().readNBytes(5));
    assertThrows(IOException.class, () -> ends.ours().output().write(1));
    ends.theirs().close();
    assertEquals(-1, ends.ours().input().read());
    assertEquals(-1, ends.ours().input().read());
  }

  @Test
  void a_reset_ends_both_halves_with_an_error() throws IOException {
    Ends ends = open();
    ends.ours().reset();
    assertThrows(IOException.class, () -> ends.theirs().input().read());
    assertThrows(IOException.class, () -> ends.theirs().output().write(1));
    assertThrows(IOException.class, () -> ends.ours().input().read());
    assertThrows(IOException.class, () -> ends.ours().output().write(1));
    ends.ours().reset();
    ends.ours().close();
    ends.theirs().close();
  }

  @Test
  void a_closed_stream_reads_nothing_more() throws IOException {
    Ends ends = open();
    ends.ours().close();
    assertThrows(IOException.class, () -> ends.ours().input().read());
    assertEquals(-1, ends.theirs().input().read());
  }

  @Test
  void a_read_waits_no_longer_than_its_deadline() throws IOException {
    Ends ends = open();
    ends.ours().deadline(Duration.ofMillis(50));
    assertThrows(SocketTimeoutException.class, () -> ends.ours().input().read());
    ends.theirs().output().write(7);
    ends.ours().deadline(Duration.ZERO);
    assertEquals(7, ends.ours().input().read());
  }

  @Test
  void a_write_waits_no_longer_than_its_deadline() throws IOException {
    Ends ends = open();
    ends.ours().deadline(Duration.ofMillis(50));
    assertThrows(
        SocketTimeoutException.class, () -> ends.ours().output().write(new byte[BEYOND_BUFFERS]));
  }

  @Test
  void a_reset_wakes_a_writer_and_a_reader() throws Exception {
    Ends ends = open();
    FutureTask<Void> writer =
        TwoPeers.async(
            () -> {
              ends.ours().output().write(new byte[BEYOND_BUFFERS]);
              return null;
            });
    FutureTask<Integer> reader = TwoPeers.async(() -> ends.ours().input().read());
    ends.theirs().reset();
    assertThrows(IOException.class, () -> TwoPeers.result(writer));
    assertThrows(IOException.class, () -> TwoPeers.result(reader));
  }

  @Test
  void a_stream_that_nobody_reads_holds_no_other_back() throws Exception {
    Ends stuck = open();
    FutureTask<Void> writer =
        TwoPeers.async(
            () -> {
              stuck.ours().output().write(new byte[BEYOND_BUFFERS]);
              return null;
            });
    for (int i = 0; i < 20; i++) {
      Ends ends = open();
      ends.ours().output().write(new byte[100_000]);
      ends.ours().closeWrite();
      assertEquals(100_000, ends.theirs().input().readAllBytes().length);
      ends.theirs().close();
    }
    assertEquals(BEYOND_BUFFERS, stuck.theirs().input().readNBytes(BEYOND_BUFFERS).length);
    TwoPeers.result(writer);
  }

  @Test
  void two_threads_may_write_to_one_stream() throws Exception {
    Ends ends = open();
    List<FutureTask<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] bytes = new byte[200_000];
      Arrays.fill(bytes, (byte) i);
      writers.add(
          TwoPeers.async(
              () -> {
                ends.ours().output().write(bytes);
                return null;
              }));
    }
    byte[] all = ends.theirs().input().readNBytes(800_000);
    int changes = 0;
    for (int i = 1; i < all.length; i++) {
      changes += all[i] == all[i - 1] ? 0 : 1;
    }
    assertEquals(3, changes);
    for (FutureTask<Void> writer : writers) {
      TwoPeers.result(writer);
    }
  }

  @Test
  void many_streams_in_both_directions_echo() throws Exception {
    for (Connection connection : List.of(peers.dialer(), peers.listener())) {
      Thread.startVirtualThread(() -> serve(connection));
    }
    List<FutureTask<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Connection connection = i % 2 == 0 ? peers.dialer() : peers.listener();
      int seed = i;
      clients.add(
          TwoPeers.async(
              () -> {
                echo(connection, new Random(seed));
                return null;
              }));
    }
    for (FutureTask<Void> client : clients) {
      TwoPeers.result(client);
    }
  }

  private static void serve(Connection connection) {
    try {
      while (true) {
        MuxedStream stream = connection.accept();
        Thread.startVirtualThread(
            () -> {
              try (stream) {
                stream.input().transferTo(stream.output());
              } catch (IOException e) {
                stream.reset();
              }
            });
      }
    } catch (IOException e) {
      connection.close();
    }
  }

  private static void echo(Connection connection, Random random) throws Exception {
    byte[] sent = new byte[random.nextInt(100_000)];
    random.nextBytes(sent);
    try (MuxedStream stream = connection.open()) {
      FutureTask<Void> writer =
          TwoPeers.async(
              () -> {
                stream.output().write(sent);
                stream.closeWrite();
                return null;
              });
      assertArrayEquals(sent, stream.input().readAllBytes());
      TwoPeers.result(writer);
    }
  }
}
