package dev.cairn.files.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.bitswap.BitswapParams;
import dev.cairn.files.bitswap.InboundLimits;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Peers that make too much of the streams that they open.
@Timeout(60)
class InboundTest {

  private static final List<String> PROTOCOL = List.of("/ipfs/bitswap/1.2.0");
  private static final InboundLimits LIMITS = InboundLimits.STANDARD;

  private static Host serving(Peers peers, InboundLimits limits) throws IOException {
    Host host = peers.memory(1);
    peers.exchange(
        host,
        new MemoryBlocks(),
        ExchangeParams.STANDARD.withBitswap(BitswapParams.STANDARD.withInbound(limits)));
    return host;
  }

  private static Host connected(Peers peers, int number, Host to) throws IOException {
    Host host = peers.memory(number);
    host.connect(to.id(), to.addresses());
    return host;
  }

  private static Stream open(Host from, Host to) throws IOException {
    return from.open(to.id(), PROTOCOL);
  }

  private static void awaitLetGo(Host serving, Host peer) throws InterruptedException {
    while (serving.info(peer.id()).isPresent()) {
      Thread.sleep(2);
    }
  }

  /// The serving side closes its half at once of a stream that it takes, and resets another.
  private static int taken(Host from, Host to, int count) throws IOException {
    int taken = 0;
    for (int i = 0; i < count; i++) {
      try {
        Stream stream = open(from, to);
        stream.output().write(0);
        taken += stream.input().read() < 0 ? 1 : 0;
      } catch (IOException e) {
        // Refused.
      }
    }
    return taken;
  }

  @Test
  void a_peer_has_so_many_streams_at_once_and_all_peers_so_many() throws Exception {
    try (Peers peers = new Peers()) {
      Host serving = serving(peers, LIMITS.withStreams(3, 5));
      assertEquals(3, taken(connected(peers, 2, serving), serving, 6));
      assertEquals(2, taken(connected(peers, 3, serving), serving, 6));
    }
  }

  @Test
  void a_peer_that_stops_within_a_message_is_let_go_and_one_that_is_silent_after_it_is_not()
      throws Exception {
    try (Peers peers = new Peers()) {
      Host serving =
          serving(peers, LIMITS.withPatience(Duration.ofMillis(300), Duration.ofHours(1)));
      Host silent = connected(peers, 2, serving);
      open(silent, serving).output().write(0);
      Host stops = connected(peers, 3, serving);
      open(stops, serving).output().write(new byte[] {5, 0x0a}); // a want-list, cut off
      awaitLetGo(serving, stops);
      assertTrue(serving.info(silent.id()).isPresent());
    }
  }

  @Test
  void a_stream_is_not_held_with_empty_messages() throws Exception {
    try (Peers peers = new Peers()) {
      Host serving =
          serving(peers, LIMITS.withPatience(Duration.ofHours(1), Duration.ofMillis(300)));
      Host idle = connected(peers, 2, serving);
      Stream stream = open(idle, serving);
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              stream.output().write(0);
              Thread.sleep(10);
            }
          });
      assertTrue(serving.info(idle.id()).isPresent());
    }
  }

  @Test
  void so_many_bytes_that_nobody_asked_for_may_come_and_no_more() throws Exception {
    ProtobufWriter payload =
        new ProtobufWriter().bytes(1, new byte[] {1, 0x55, 0x12, 0x20}).bytes(2, new byte[40_000]);
    byte[] block = new ProtobufWriter().message(3, payload).toDelimited();
    try (Peers peers = new Peers()) {
      Host serving = serving(peers, LIMITS.withUnexpected(80_000));
      Host late = connected(peers, 2, serving);
      Stream some = open(late, serving);
      some.output().write(block);
      some.output().write(block);
      Host flood = connected(peers, 3, serving);
      Stream more = open(flood, serving);
      for (int i = 0; i < 3; i++) {
        more.output().write(block);
      }
      awaitLetGo(serving, flood);
      assertTrue(serving.info(late.id()).isPresent());
    }
  }
}
