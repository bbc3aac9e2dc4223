package dev.cairn.files.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.libp2p.host.Host;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExchangeTest {

  private static MemoryBlocks holding(List<Block> blocks) {
    MemoryBlocks holding = new MemoryBlocks();
    holding.put(blocks);
    return holding;
  }

  private static void assertWhole(Dag dag, MemoryBlocks blocks) {
    for (Block block : dag.blocks()) {
      assertArrayEquals(block.bytes(), blocks.get(block.cid()).orElseThrow());
    }
  }

  private static DownloadOptions from(List<Host> hosts) {
    return DownloadOptions.STANDARD
        .withFrom(hosts.stream().map(Peers::provider).toList())
        .withPatience(Duration.ofSeconds(20));
  }

  @Test
  void a_dag_is_fetched_from_one_peer_over_tcp() throws Exception {
    Dag dag = Dag.of(120, 100_000, 1);
    MemoryBlocks blocks = new MemoryBlocks();
    try (Peers peers = new Peers()) {
      Host seed = peers.tcp(1);
      peers.exchange(seed, holding(dag.blocks()));
      Exchange exchange = peers.exchange(peers.tcp(2), blocks);
      Progress progress = exchange.download(dag.root(), from(List.of(seed))).await();
      assertWhole(dag, blocks);
      assertEquals(dag.blocks().size(), progress.blocks());
      assertEquals(dag.bytes(), progress.bytes());
      assertEquals(dag.bytes(), progress.fetchedBytes());
      assertEquals(dag.blocks().size(), progress.sources().getFirst().blocks());
      assertEquals(SourceState.ACTIVE, progress.sources().getFirst().state());
      assertTrue(progress.totalBytes().isPresent());
    }
  }

  /// The host, but the first streams that are opened on it fail.
  private static Host failing(Host host, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return (Host)
        Proxy.newProxyInstance(
            Host.class.getClassLoader(),
            new Class<?>[] {Host.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("open") && left.getAndDecrement() > 0) {
                throw new IOException("no stream now");
              }
              return method.invoke(host, arguments);
            });
  }

  @Test
  void a_peer_to_which_streams_fail_for_a_while_is_asked_again() throws Exception {
    Dag dag = Dag.of(3, 1_000, 7);
    MemoryBlocks blocks = new MemoryBlocks();
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      peers.exchange(seed, holding(dag.blocks()));
      Exchange exchange = peers.exchange(failing(peers.memory(2), 6), blocks);
      exchange.download(dag.root(), from(List.of(seed))).await();
      assertWhole(dag, blocks);
    }
  }

  @Test
  void a_dag_is_fetched_from_eight_peers_at_once() throws Exception {
    Dag dag = Dag.of(400, 50_000, 2);
    MemoryBlocks blocks = new MemoryBlocks();
    try (Peers peers = new Peers()) {
      List<Host> seeds = new ArrayList<>();
      for (int i = 1; i <= 8; i++) {
        seeds.add(peers.memory(i));
        peers.exchange(seeds.getLast(), holding(dag.blocks()));
      }
      Host reader = peers.memory(9);
      Exchange exchange = peers.exchange(reader, blocks);
      for (Host seed : seeds) {
        reader.connect(seed.id(), seed.addresses());
      }
      Progress progress = exchange.download(dag.root(), from(seeds)).await();
      assertWhole(dag, blocks);
      long given = progress.sources().stream().mapToLong(SourceReport::blocks).sum();
      assertEquals(dag.blocks().size(), given);
    }
  }

  @Test
  void peers_with_a_part_each_make_a_whole() throws Exception {
    Dag dag = Dag.of(60, 20_000, 3);
    MemoryBlocks blocks = new MemoryBlocks();
    try (Peers peers = new Peers()) {
      List<Host> seeds = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        List<Block> part = new ArrayList<>(List.of(dag.blocks().getLast()));
        for (int j = 0; j < dag.blocks().size(); j++) {
          if (j % 3 == i) {
            part.add(dag.blocks().get(j));
          }
        }
        seeds.add(peers.memory(i + 1));
        peers.exchange(seeds.getLast(), holding(part));
      }
      Exchange exchange = peers.exchange(peers.memory(9), blocks);
      exchange.download(dag.root(), from(seeds)).await();
      assertWhole(dag, blocks);
    }
  }

  @Test
  void readers_give_each_other_what_they_have_got() throws Exception {
    Dag dag = Dag.of(100, 50_000, 4);
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      Exchange serving = peers.exchange(seed, holding(dag.blocks()));
      List<Host> readers = List.of(peers.memory(2), peers.memory(3), peers.memory(4));
      List<Download> downloads = new ArrayList<>();
      List<MemoryBlocks> got = new ArrayList<>();
      List<Exchange> exchanges = new ArrayList<>();
      for (Host reader : readers) {
        got.add(new MemoryBlocks());
        exchanges.add(peers.exchange(reader, got.getLast()));
      }
      List<Host> all = new ArrayList<>(readers);
      all.add(seed);
      for (Exchange exchange : exchanges) {
        downloads.add(exchange.download(dag.root(), from(all)));
      }
      for (int i = 0; i < 3; i++) {
        downloads.get(i).await();
        assertWhole(dag, got.get(i));
      }
      assertTrue(serving.sentBytes() < 3 * dag.bytes(), "the seed did not do it all");
    }
  }

  @Test
  void a_download_goes_on_after_a_restart_from_what_is_here() throws Exception {
    Dag dag = Dag.of(100, 20_000, 5);
    MemoryBlocks blocks = holding(dag.blocks().subList(0, 70));
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      peers.exchange(seed, holding(dag.blocks()));
      Exchange exchange = peers.exchange(peers.memory(2), blocks);
      Progress progress = exchange.download(dag.root(), from(List.of(seed))).await();
      assertWhole(dag, blocks);
      assertEquals(dag.blocks().size() - 70, progress.sources().getFirst().blocks());
      assertEquals(dag.bytes(), progress.bytes());
      assertEquals(0, exchange.download(dag.root(), from(List.of())).await().fetchedBytes());
    }
  }

  @Test
  void a_peer_that_gets_the_dag_later_is_asked_then() throws Exception {
    Dag dag = Dag.of(10, 20_000, 6);
    MemoryBlocks blocks = new MemoryBlocks();
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      MemoryBlocks later = new MemoryBlocks();
      Exchange serving = peers.exchange(seed, later);
      Exchange exchange = peers.exchange(peers.memory(2), blocks);
      Download download = exchange.download(dag.root(), from(List.of(seed)));
      awaitLacking(download);
      later.put(dag.blocks());
      serving.added(List.of(dag.root()));
      download.await();
      assertWhole(dag, blocks);
    }
  }

  private static DownloadOptions prompt() {
    return DownloadOptions.STANDARD.withPatience(Duration.ofDays(1)).withPrompt();
  }

  private static void awaitLacking(Download download) throws Exception {
    while (download.progress().sources().stream().noneMatch(s -> s.state() == SourceState.LACKS)) {
      download.await(Duration.ofMillis(2));
    }
  }

  @Test
  void what_nobody_has_is_given_up_once_all_were_asked() throws Exception {
    Cid nobodys = Cid.hash(Cid.RAW, new byte[] {9});
    try (Peers peers = new Peers()) {
      Host empty = peers.memory(1);
      peers.exchange(empty, new MemoryBlocks());
      Host reader = peers.memory(2);
      Exchange exchange = peers.exchange(reader, new MemoryBlocks());
      reader.connect(empty.id(), empty.addresses());
      Download download = exchange.download(nobodys, prompt());
      String why = failure(download);
      assertEquals(
          "no connected peer has " + nobodys + " (1 were asked), and no provider was found", why);
      assertTrue(assertThrows(ExchangeException.class, download::await).isMissing());
    }
  }

  @Test
  void a_search_that_goes_on_is_waited_for() throws Exception {
    Dag dag = Dag.of(10, 20_000, 6);
    MemoryBlocks blocks = new MemoryBlocks();
    BlockingQueue<Consumer<ProviderPeer>> searches = new LinkedBlockingQueue<>();
    ProviderSource slow =
        (cid, found, onEnd) -> {
          searches.add(found);
          return () -> {};
        };
    try (Peers peers = new Peers()) {
      Host empty = peers.memory(1);
      peers.exchange(empty, new MemoryBlocks());
      Host seed = peers.memory(3);
      peers.exchange(seed, holding(dag.blocks()));
      Host reader = peers.memory(2);
      ExchangeParams hopeless = Peers.QUICK.withHope(Duration.ZERO, Duration.ZERO);
      Exchange exchange = peers.exchange(reader, blocks, hopeless, slow);
      reader.connect(empty.id(), empty.addresses());
      Download download = exchange.download(dag.root(), prompt());
      awaitLacking(download);
      searches.take().accept(Peers.provider(seed));
      download.await();
      assertWhole(dag, blocks);
    }
  }

  @Test
  void content_that_cannot_be_kept_is_not_missing() throws Exception {
    Dag deep = Dag.chain(40);
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      peers.exchange(seed, holding(deep.blocks()));
      Exchange strict =
          peers.exchange(peers.memory(2), new MemoryBlocks(), Peers.QUICK.withDepthMax(30));
      Download download = strict.download(deep.root(), from(List.of(seed)));
      assertFalse(assertThrows(ExchangeException.class, download::await).isMissing());
    }
  }

  @Test
  void one_block_is_got_from_whoever_has_it_or_not_at_all() throws Exception {
    Dag dag = Dag.of(3, 20_000, 7);
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      peers.exchange(seed, holding(dag.blocks()));
      Host reader = peers.memory(2);
      Exchange exchange = peers.exchange(reader, new MemoryBlocks());
      reader.connect(seed.id(), seed.addresses());
      Optional<Block> block = exchange.get(dag.root(), Duration.ofSeconds(20));
      assertEquals(dag.root(), block.orElseThrow().cid());
      Cid nobodys = Cid.hash(Cid.RAW, new byte[] {9});
      assertEquals(Optional.empty(), exchange.get(nobodys, Duration.ofMillis(200)));
    }
  }

  @Test
  void only_the_named_peer_is_asked() throws Exception {
    Dag dag = Dag.of(10, 20_000, 8);
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      peers.exchange(seed, holding(dag.blocks()));
      Host empty = peers.memory(2);
      peers.exchange(empty, new MemoryBlocks());
      Host reader = peers.memory(3);
      Exchange exchange = peers.exchange(reader, new MemoryBlocks());
      reader.connect(seed.id(), seed.addresses());
      DownloadOptions options =
          DownloadOptions.STANDARD
              .withOnlyFrom(List.of(Peers.provider(empty)))
              .withPatience(Duration.ofMillis(500));
      String why = failure(exchange.download(dag.root(), options));
      assertTrue(why.startsWith("no peer that has "), why);
    }
  }

  @Test
  void a_dag_that_is_too_deep_or_too_large_is_refused() throws Exception {
    Dag deep = Dag.chain(40);
    Dag large = Dag.of(10, 20_000, 9);
    ExchangeParams shallow = Peers.QUICK.withDepthMax(30);
    try (Peers peers = new Peers()) {
      Host seed = peers.memory(1);
      MemoryBlocks all = holding(deep.blocks());
      all.put(large.blocks());
      peers.exchange(seed, all);
      Exchange strict = peers.exchange(peers.memory(2), new MemoryBlocks(), shallow);
      Exchange loose = peers.exchange(peers.memory(3), new MemoryBlocks());
      DownloadOptions options = from(List.of(seed));
      assertEquals(41, loose.download(deep.root(), options).await().blocks());
      String why = failure(strict.download(deep.root(), options));
      assertTrue(why.endsWith("is more than 30 links deep"), why);
      why = failure(loose.download(large.root(), options.withBytesMax(100_000)));
      assertTrue(why.endsWith("has more than 100000 bytes"), why);
      loose.download(large.root(), options.withBytesMax(large.bytes())).await();
    }
  }

  private static String failure(Download download) {
    return String.valueOf(assertThrows(ExchangeException.class, download::await).getMessage());
  }

  @Test
  void a_closed_download_says_so() throws Exception {
    try (Peers peers = new Peers()) {
      Exchange exchange = peers.exchange(peers.memory(1), new MemoryBlocks());
      Download download =
          exchange.download(Cid.hash(Cid.RAW, new byte[1]), DownloadOptions.STANDARD);
      download.close();
      assertTrue(failure(download).endsWith("was cancelled"));
    }
  }
}
