package dev.cairn.files.bitswap;

import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.storage.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The [Server] with the blocks it serves from, for the threads of many peers. Guarded by its own
/// lock, under which no block is read.
final class Serving {

  private static final Logger LOG = System.getLogger(Serving.class.getName());
  private static final int CHECKS_AT_ONCE = 256;

  private final Blocks blocks;
  private final BlockArrays arrays;
  private final Server server;
  private final Semaphore sends;
  private final ReentrantLock lock = new ReentrantLock();

  /// @param arrays for the blocks that are sent
  Serving(Blocks blocks, BlockArrays arrays, BitswapParams params) {
    this.blocks = blocks;
    this.arrays = arrays;
    this.server = new Server(params);
    this.sends = new Semaphore(params.sendsParallel(), true);
  }

  List<Presence> receive(PeerId peer, List<Entry> entries, boolean full) {
    lock.lock();
    try {
      return server.receive(peer, entries, full);
    } finally {
      lock.unlock();
    }
  }

  void gone(PeerId peer) {
    lock.lock();
    try {
      server.gone(peer);
    } finally {
      lock.unlock();
    }
  }

  /// A block is here now; returns the peers that wait for it.
  List<PeerId> arrived(Cid cid) {
    lock.lock();
    try {
      return server.arrived(cid);
    } finally {
      lock.unlock();
    }
  }

  /// Looks up some of what a peer wants, and returns what it is to be told.
  List<Presence> check(PeerId peer) {
    List<Cid> cids;
    lock.lock();
    try {
      cids = server.unchecked(peer, CHECKS_AT_ONCE);
    } finally {
      lock.unlock();
    }
    List<OptionalInt> sizes = new ArrayList<>(cids.size());
    for (Cid cid : cids) {
      sizes.add(size(cid));
    }
    List<Presence> answers = new ArrayList<>();
    lock.lock();
    try {
      for (int i = 0; i < cids.size(); i++) {
        server.checked(peer, cids.get(i), sizes.get(i)).ifPresent(answers::add);
      }
    } finally {
      lock.unlock();
    }
    return answers;
  }

  boolean unchecked(PeerId peer) {
    lock.lock();
    try {
      return !server.unchecked(peer, 1).isEmpty();
    } finally {
      lock.unlock();
    }
  }

  Optional<Cid> next(PeerId peer) {
    lock.lock();
    try {
      return server.next(peer);
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a place among those who have a block in memory; false when there is none in time.
  boolean enter(long nanos) throws InterruptedException {
    return sends.tryAcquire(nanos, TimeUnit.NANOSECONDS);
  }

  void leave() {
    sends.release();
  }

  /// A block that the disk does not give is one that is not here: others are served all the same.
  private OptionalInt size(Cid cid) {
    try {
      return blocks.size(cid);
    } catch (StoreException e) {
      LOG.log(Level.WARNING, cid + " is not served: " + e.getMessage());
      return OptionalInt.empty();
    }
  }

  /// A block to be sent, which then goes to [#sent].
  Optional<byte[]> get(Cid cid) {
    try {
      return blocks.get(cid, arrays);
    } catch (StoreException e) {
      LOG.log(Level.WARNING, cid + " is not served: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// Nobody reads the block's array any more.
  void sent(byte[] data) {
    arrays.give(data);
  }

  /// A peer wants nothing any more.
  void idle() {
    arrays.clear();
  }

  int wants(PeerId peer) {
    lock.lock();
    try {
      return server.wants(peer);
    } finally {
      lock.unlock();
    }
  }

  int peers() {
    lock.lock();
    try {
      return server.peers();
    } finally {
      lock.unlock();
    }
  }
}
