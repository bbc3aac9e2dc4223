package dev.cairn.node.files;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.exchange.Download;
import dev.cairn.files.exchange.DownloadOptions;
import dev.cairn.files.exchange.Exchange;
import dev.cairn.files.exchange.ExchangeException;
import dev.cairn.files.store.FileStore;
import dev.cairn.files.store.Hold;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.gateway.GatewayContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Blocks for one reader: from the store, else from peers. What is fetched stays in the store until
/// it is collected. A whole DAG that is announced is fetched in order, ahead of the reader; else
/// block by block.
final class FileBlocks implements GatewayContent.Session, BlockSource {

  /// Blocks fetched ahead at once, where the reader says what it reads next.
  private static final int AHEAD_MAX = 16;

  /// How soon a block that comes with a download is noticed.
  private static final Duration GLANCE = Duration.ofMillis(10);

  private final FileStore store;
  private final Optional<Exchange> exchange;
  private final Duration patience;
  private final Hold hold;
  private final BlockArrays arrays;
  private final Set<Download> downloads = ConcurrentHashMap.newKeySet();
  private final Set<Cid> ahead = ConcurrentHashMap.newKeySet();
  private final Set<Thread> fetching = ConcurrentHashMap.newKeySet();
  private final Semaphore slots = new Semaphore(AHEAD_MAX);

  /// @param exchange empty to read only what is here
  /// @param patience the longest wait for one block
  /// @param arrays for blocks that are here; readers give them back
  FileBlocks(FileStore store, Optional<Exchange> exchange, Duration patience, BlockArrays arrays) {
    this.store = store;
    this.exchange = exchange;
    this.patience = patience;
    this.hold = store.hold();
    this.arrays = arrays;
  }

  @Override
  public BlockSource blocks() {
    return this;
  }

  @Override
  public void expect(Cid dag) {
    exchange.ifPresent(
        e -> {
          if (downloads.isEmpty()) {
            downloads.add(
                e.download(dag, DownloadOptions.STANDARD.withInOrder().withPatience(patience)));
          }
        });
  }

  @Override
  public Block get(Cid cid) throws IOException {
    Optional<byte[]> here = store.get(cid, arrays);
    if (here.isPresent()) {
      return Block.trusted(cid, here.get());
    }
    if (exchange.isEmpty()) {
      throw missing(cid);
    }
    try {
      for (Download download : downloads) {
        Optional<Block> block = from(download, cid);
        if (block.isPresent()) {
          return block.get();
        }
      }
      return exchange.orElseThrow().get(cid, patience).orElseThrow(() -> missing(cid));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting for " + cid);
    }
  }

  private BlockMissingException missing(Cid cid) {
    return store
        .lost(cid)
        .map(why -> BlockMissingException.because(cid, why))
        .orElseGet(() -> new BlockMissingException(cid));
  }

  /// Waits for a block while the download goes on.
  private Optional<Block> from(Download download, Cid cid) throws InterruptedException {
    boolean over = false;
    while (!over) {
      try {
        over = download.await(GLANCE).done();
      } catch (ExchangeException e) {
        over = true;
      }
      Optional<byte[]> bytes = store.get(cid);
      if (bytes.isPresent()) {
        return bytes.map(b -> Block.trusted(cid, b));
      }
    }
    return Optional.empty();
  }

  @Override
  public void done(byte[] content) {
    arrays.give(content);
  }

  @Override
  public void prefetch(List<Cid> cids) {
    if (exchange.isEmpty() || !downloads.isEmpty()) {
      return; // nothing to ask, or on its way already
    }
    for (Cid cid : cids) {
      if (!store.has(cid) && ahead.add(cid)) {
        if (!slots.tryAcquire()) {
          ahead.remove(cid);
          return;
        }
        Thread thread = Thread.ofVirtual().name("fetch ahead").unstarted(() -> fetchAhead(cid));
        fetching.add(thread);
        thread.start();
      }
    }
  }

  private void fetchAhead(Cid cid) {
    try {
      exchange.orElseThrow().get(cid, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      fetching.remove(Thread.currentThread());
      slots.release();
    }
  }

  @Override
  public void close() {
    downloads.forEach(Download::close);
    // Nobody reads what they would bring, and each is a download with a thread.
    fetching.forEach(Thread::interrupt);
    hold.close();
  }
}
