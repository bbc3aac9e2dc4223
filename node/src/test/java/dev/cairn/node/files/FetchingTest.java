package dev.cairn.node.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.exchange.Exchange;
import dev.cairn.files.exchange.ExchangeParams;
import dev.cairn.files.send.InboxOffer;
import dev.cairn.files.send.Offer;
import dev.cairn.files.send.OfferState;
import dev.cairn.files.send.OfferStatus;
import dev.cairn.files.store.FileStore;
import dev.cairn.files.store.FileStoreParams;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What fetches blocks for a node that knows nobody.
@Timeout(60)
class FetchingTest {

  @TempDir Path folder;
  private Host host;
  private FileStore store;
  private Exchange exchange;

  @BeforeEach
  void start() throws IOException {
    host =
        new Libp2pHost(
            Identity.of(Ed25519Key.fromSeed(new byte[32])),
            HostParams.listeningOn(Multiaddr.parse("/memory/7100")),
            List.of(new MemoryTransport(new MemoryNetwork())),
            new Peerstore(Clock.system()),
            Clock.system(),
            new SecureRandom());
    store = FileStore.open(folder.resolve("store"), FileStoreParams.defaults());
    exchange =
        Exchange.start(
            host, store, (cid, found, onEnd) -> () -> {}, Clock.system(), ExchangeParams.STANDARD);
  }

  @AfterEach
  void stop() {
    exchange.close();
    store.close();
    host.close();
  }

  private static Cid cid(int number) {
    return Cid.hash(Cid.RAW, new byte[] {(byte) number});
  }

  private static long downloading() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("download"))
        .count();
  }

  @Test
  void what_is_fetched_ahead_ends_with_its_reader() throws Exception {
    try (FileBlocks reader =
        new FileBlocks(store, Optional.of(exchange), Duration.ofHours(1), new BlockArrays())) {
      reader.prefetch(List.of(cid(1), cid(2), cid(3)));
      while (downloading() < 3) {
        Thread.sleep(2);
      }
    }
    while (downloading() > 0) { // for an hour, if nobody ends them
      Thread.sleep(2);
    }
  }

  @Test
  void a_download_that_cannot_begin_holds_nothing() {
    try (Downloads downloads = new Downloads(exchange, store, cid -> {}, folder.resolve("file"))) {
      String name = "x".repeat(FileStore.PIN_NAME_BYTES_MAX + 1);
      var wanted = new Downloads.Wanted(cid(1), name, true, List.of(), false);
      assertThrows(IllegalArgumentException.class, () -> downloads.start(wanted, Duration.ZERO));
      store.put(Block.of(Cid.RAW, new byte[] {9}));
      assertEquals(1, store.gc(Duration.ZERO).removedBlocks());
    }
  }

  @Test
  void an_offer_that_is_over_leaves_no_pin_but_the_users_own() throws IOException {
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Files.write(inbox.resolve("a"), new byte[7]);
    InboxDelivery delivery = new InboxDelivery(host, exchange, store, inbox);
    assertEquals(7, delivery.used());
    Offer offer = new Offer("00".repeat(16), "a", 1, cid(1), Offer.Kind.FILE);
    OfferStatus failed = OfferStatus.of(OfferState.FAILED);
    InboxOffer entry = new InboxOffer(host.id(), offer, failed, 0, 0, "");
    store.pin(cid(1), "inbox " + entry.key());
    delivery.over(entry);
    assertTrue(store.pinned(cid(1)).isEmpty());
    store.pin(cid(1), "mine");
    delivery.over(entry);
    assertTrue(store.pinned(cid(1)).isPresent());
  }
}
