package dev.cairn.files.bitswap;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Hashes the blocks that arrive and stores those that are wanted, on a small pool of platform
/// threads: neither hashing nor the disk yields a virtual thread's carrier.
///
/// What waits is bounded in bytes; a stream whose block finds no room is read no further until
/// there is. Safe from any thread.
final class Intake implements AutoCloseable {

  /// Counts the links of a block.
  @FunctionalInterface
  interface LinkCount {
    /// @throws MalformedException when the bytes are not what the codec says
    int of(Cid cid, byte[] bytes);
  }

  private static final int THREADS_MAX = 4;

  private final Blocks blocks;
  private final BlockArrays arrays;
  private final LinkCount links;
  private final Consumer<FetchInput> results;
  private final Consumer<Cid> stored;
  private final int bytesMax;
  private final Semaphore room;
  private final ExecutorService threads;
  private final Map<Cid, Cid> wanted = new ConcurrentHashMap<>();

  /// @param arrays where the arrays of blocks go when they are stored
  /// @param results told what became of each block
  /// @param stored told of each block that is here now
  Intake(
      Blocks blocks,
      BlockArrays arrays,
      LinkCount links,
      int bytesMax,
      Consumer<FetchInput> results,
      Consumer<Cid> stored) {
    this.blocks = blocks;
    this.arrays = arrays;
    this.links = links;
    this.results = results;
    this.stored = stored;
    this.bytesMax = bytesMax;
    this.room = new Semaphore(bytesMax);
    int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX);
    this.threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().name("intake-", 0).daemon().factory());
  }

  void watch(Cid key, Cid cid) {
    wanted.put(key, cid);
  }

  void unwatch(Cid key) {
    wanted.remove(key);
  }

  /// Takes a block; waits while too much is being taken.
  void take(PeerId peer, CidPrefix prefix, byte[] data) throws InterruptedException {
    int bytes = Math.clamp(data.length, 1, bytesMax);
    room.acquire(bytes);
    try {
      threads.execute(
          () -> {
            try {
              settle(peer, prefix, data);
            } finally {
              arrays.give(data);
              room.release(bytes);
            }
          });
    } catch (RejectedExecutionException e) {
      // Closed: nobody wants it any longer.
      room.release(bytes);
    }
  }

  private void settle(PeerId peer, CidPrefix prefix, byte[] data) {
    Cid key;
    try {
      key = prefix.key(data);
    } catch (MalformedException e) {
      key = Cid.hash(Cid.RAW, data);
    }
    Cid cid = wanted.get(key);
    if (cid == null) {
      results.accept(new FetchInput.Unwanted(peer, key, data.length));
      return;
    }
    try {
      int count = links.of(cid, data);
      blocks.put(Block.trusted(cid, data));
      stored.accept(cid);
      results.accept(new FetchInput.Arrived(peer, key, data.length, count));
    } catch (RuntimeException e) {
      results.accept(new FetchInput.Broken(key, cid + " cannot be kept: " + e.getMessage()));
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
