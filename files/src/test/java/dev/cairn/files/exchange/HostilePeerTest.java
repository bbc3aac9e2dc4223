package dev.cairn.files.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Cid;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Peers that lie, stall, send what nobody asked for or vanish, beside one good one: everything
/// arrives all the same.
@Timeout(60)
class HostilePeerTest {

  private static final String PROTOCOL = "/ipfs/bitswap/1.2.0";
  private static final Dag DAG = Dag.of(150, 40_000, 11);

  /// What a bad peer does with the blocks that it is asked for.
  @FunctionalInterface
  private interface Malice {
    void answer(Stream out, Cid wanted) throws IOException, InterruptedException;
  }

  /// Says HAVE to everything, and answers wants for blocks with malice.
  private static void serve(Host host, Malice malice) {
    host.handle(
        PROTOCOL,
        in -> {
          BlockingQueue<Cid> wants = new LinkedBlockingQueue<>();
          CountDownLatch begun = new CountDownLatch(1);
          try (Stream out = host.open(in.peer(), List.of(PROTOCOL))) {
            Thread.startVirtualThread(() -> work(out, malice, wants));
            while (true) {
              byte[] message = Delimited.read(in.input(), 4 << 20);
              begun.countDown();
              take(message, out, wants);
            }
          } catch (EOFException e) {
            // It has said all that it had to say.
          }
        },
        StreamLimits.STANDARD);
  }

  private static void work(Stream out, Malice malice, BlockingQueue<Cid> wants) {
    try {
      while (true) {
        malice.answer(out, wants.take());
      }
    } catch (IOException e) {
      // Let go.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void take(byte[] message, Stream out, BlockingQueue<Cid> wants)
      throws IOException {
    ProtobufReader reader = new ProtobufReader(message);
    ProtobufWriter answer = new ProtobufWriter();
    while (reader.next()) {
      if (reader.field() != 1) {
        continue;
      }
      ProtobufReader list = reader.message();
      while (list.next()) {
        if (list.field() != 1) {
          continue;
        }
        ProtobufReader entry = list.message();
        byte[] cid = {};
        boolean have = false;
        boolean cancel = false;
        while (entry.next()) {
          switch (entry.field()) {
            case 1 -> cid = entry.bytes(100);
            case 3 -> cancel = entry.bool();
            case 4 -> have = entry.varint() == 1;
            default -> entry.skip();
          }
        }
        if (have && !cancel) {
          answer.message(4, new ProtobufWriter().bytes(1, cid).varint(2, 0));
        } else if (!cancel) {
          wants.add(Cid.decode(cid));
        }
      }
    }
    if (answer.size() > 0) {
      out.output().write(answer.toDelimited());
    }
  }

  private static byte[] block(byte[] data) {
    ProtobufWriter payload =
        new ProtobufWriter().bytes(1, new byte[] {1, 0x55, 0x12, 0x20}).bytes(2, data);
    return new ProtobufWriter().message(3, payload).toDelimited();
  }

  private static SourceReport report(Progress progress, PeerId peer) {
    return progress.sources().stream().filter(s -> s.peer().equals(peer)).findFirst().orElseThrow();
  }

  /// Fetches from the bad peer until it is known as such, then from a good one too.
  private static Progress fetch(Peers peers, Host bad, SourceState until) throws Exception {
    MemoryBlocks all = new MemoryBlocks();
    all.put(DAG.blocks());
    Host good = peers.memory(1);
    peers.exchange(good, all);
    MemoryBlocks blocks = new MemoryBlocks();
    Host reader = peers.memory(3);
    Exchange exchange = peers.exchange(reader, blocks);
    DownloadOptions first =
        DownloadOptions.STANDARD.withFrom(List.of(Peers.provider(bad)));
    try (Download download = exchange.download(DAG.root(), first)) {
      while (download.progress().sources().stream().noneMatch(s -> s.state() == until)) {
        download.await(Duration.ofMillis(5));
      }
      reader.connect(good.id(), good.addresses());
      Progress progress = download.await();
      for (Block block : DAG.blocks()) {
        assertTrue(blocks.has(block.cid()));
      }
      assertEquals(DAG.blocks().size(), report(progress, good.id()).blocks());
      return progress;
    }
  }

  @Test
  void wrong_bytes_cost_their_sender_its_connection() throws Exception {
    try (Peers peers = new Peers()) {
      Host liar = peers.memory(2);
      serve(liar, (out, wanted) -> out.output().write(block(wanted.encode())));
      SourceReport report = report(fetch(peers, liar, SourceState.LIED), liar.id());
      assertEquals(0, report.blocks());
      assertEquals(SourceState.LIED, report.state());
      assertEquals("sent blocks that nobody had asked for", report.why());
    }
  }

  @Test
  void a_byte_a_second_holds_nothing_up() throws Exception {
    try (Peers peers = new Peers()) {
      Host slow = peers.memory(2);
      serve(
          slow,
          (out, wanted) -> {
            for (byte one : block(new byte[40_000])) {
              out.output().write(one);
              Thread.sleep(1_000);
            }
          });
      SourceReport report = report(fetch(peers, slow, SourceState.STALLED), slow.id());
      assertEquals(0, report.blocks());
    }
  }

  @Test
  void silence_holds_nothing_up() throws Exception {
    try (Peers peers = new Peers()) {
      Host silent = peers.memory(2);
      serve(silent, (out, wanted) -> {});
      assertEquals(0, report(fetch(peers, silent, SourceState.ACTIVE), silent.id()).blocks());
    }
  }

  @Test
  void a_flood_of_blocks_that_nobody_asked_for_is_cut_off() throws Exception {
    try (Peers peers = new Peers()) {
      Host flood = peers.memory(2);
      serve(
          flood,
          (out, wanted) -> {
            for (int i = 0; true; i++) {
              out.output().write(block(new byte[] {1, (byte) i, (byte) (i >> 8)}));
            }
          });
      assertEquals(SourceState.LIED, report(fetch(peers, flood, SourceState.LIED), flood.id()).state());
    }
  }

  @Test
  void a_peer_that_vanishes_half_way_is_named_and_replaced() throws Exception {
    try (Peers peers = new Peers()) {
      Host leaving = peers.memory(2);
      List<Cid> given = new ArrayList<>();
      serve(
          leaving,
          (out, wanted) -> {
            given.add(wanted);
            leaving.close();
          });
      Progress progress = fetch(peers, leaving, SourceState.GONE);
      assertEquals(SourceState.GONE, report(progress, leaving.id()).state());
      assertTrue(!given.isEmpty());
    }
  }

  @Test
  void nonsense_on_a_stream_costs_only_the_stream() throws Exception {
    try (Peers peers = new Peers()) {
      Host noisy = peers.memory(2);
      serve(noisy, (out, wanted) -> out.output().write(new byte[] {5, 1, 2, 3, 4, 5}));
      assertEquals(0, report(fetch(peers, noisy, SourceState.ACTIVE), noisy.id()).blocks());
    }
  }
}
