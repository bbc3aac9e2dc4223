package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.secure.Chunks;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What one stream has still to send: writes copied together into a ring, then at most one write
/// that lies where its writer left it.
///
/// Small writes are copied, up to [#COPIED_MAX]. A stream that writes more borrows a large ring of
/// the host's pool until all is sent, so that its writer and the connection's wake each other once
/// for many writes; what does not fit, and all of it while the pool has no ring, is taken straight
/// from the caller's array, whose thread waits for that. So the memory of all streams is bounded
/// however much is written. Under the connection's lock, but for a part of a large ring that
/// [#handOut] hands to the connection's writer.
final class SendQueue {

  /// Bytes that are copied so that the writer need not wait, with no ring of the pool's.
  static final int COPIED_MAX = 16 << 10;

  /// Fewer bytes than this in a row are copied rather than handed out: a frame of their own would
  /// cost more.
  static final int HANDED_OUT_LEAST = 32 << 10;

  private static final byte[] NONE = new byte[0];
  private static final ByteBuffer NOTHING = ByteBuffer.wrap(NONE);
  private static final int COPIED_FIRST = 256;

  private final Chunks pool;
  private byte[] ring = NONE;
  private int start;
  private int held;
  private boolean borrowed;

  /// Bytes before [#start] that the connection's writer reads.
  private int handedOut;

  /// A ring of the pool that was given up while its bytes were handed out.
  private byte @Nullable [] orphan;

  private byte @Nullable [] lent;
  private int lentStart;
  private int lentEnd;

  /// @param pool large rings come from here
  SendQueue(Chunks pool) {
    this.pool = pool;
  }

  int size() {
    return held + (lentEnd - lentStart);
  }

  /// Whether a write is in the way of the next one.
  boolean blocked() {
    return lent != null;
  }

  /// Queues the bytes. After a true answer the caller's array is free; after a false one it is lent
  /// until [#blocked()] is false. Must not be called while blocked.
  boolean offer(byte[] source, int offset, int length) {
    if (held + length > COPIED_MAX) {
      borrow();
    }
    int copied = length;
    if (held + length > roomMax()) {
      copied = borrowed ? roomMax() - held : 0;
    }
    copy(source, offset, copied);
    if (copied == length) {
      return true;
    }
    lent = source;
    lentStart = offset + copied;
    lentEnd = offset + length;
    return false;
  }

  private int roomMax() {
    return borrowed ? ring.length - handedOut : COPIED_MAX;
  }

  /// Moves `count` bytes into the target, in the order they were written.
  ///
  /// @param count at most [#size()]
  void take(ByteBuffer target, int count) {
    int first = Math.min(count, held);
    int straight = Math.min(first, ring.length - start);
    target.put(ring, start, straight).put(ring, 0, first - straight);
    taken(first);
    byte[] source = lent;
    if (source != null) {
      target.put(source, lentStart, count - first);
      lentStart += count - first;
      copyLent(source);
    }
    if (borrowed && size() == 0) {
      giveBack();
    }
  }

  /// Takes up to `most` bytes of a large ring and leaves them where they are until [#handBack];
  /// until then nothing else may be taken.
  ///
  /// @return nothing remains in it when there are too few in a row
  ByteBuffer handOut(int most) {
    int count = Math.min(Math.min(most, held), ring.length - start);
    if (!borrowed || count < HANDED_OUT_LEAST) {
      return NOTHING;
    }
    ByteBuffer bytes = ByteBuffer.wrap(ring, start, count);
    handedOut = count;
    taken(count);
    if (lent != null) {
      copyLent(lent);
    }
    return bytes;
  }

  /// What was handed out is used up.
  void handBack() {
    handedOut = 0;
    if (orphan != null) {
      pool.giveBack(orphan);
      orphan = null;
    } else if (borrowed && size() == 0) {
      giveBack();
    }
  }

  private void taken(int count) {
    held -= count;
    start = held == 0 && handedOut == 0 ? 0 : (start + count) % ring.length;
  }

  /// Ends the loan when the rest of it finds room. A large ring is first emptied by half: its
  /// stream's thread then has something to do when it wakes.
  private void copyLent(byte[] source) {
    if (size() <= (borrowed ? Math.min(ring.length / 2, roomMax()) : COPIED_MAX)) {
      copy(source, lentStart, lentEnd - lentStart);
      takeBack();
    }
  }

  /// Ends the loan: what was lent and not yet taken is not sent.
  void takeBack() {
    lent = null;
    lentStart = 0;
    lentEnd = 0;
  }

  void clear() {
    takeBack();
    if (borrowed) {
      giveBack();
    }
    ring = NONE;
    start = 0;
    held = 0;
  }

  private void borrow() {
    byte[] large = borrowed ? null : pool.borrow();
    if (large != null) {
      moveTo(large);
      borrowed = true;
    }
  }

  private void giveBack() {
    if (handedOut > 0) {
      orphan = ring;
    } else {
      pool.giveBack(ring);
    }
    borrowed = false;
    ring = NONE;
    start = 0;
  }

  /// @param length at most what there is room for
  private void copy(byte[] source, int offset, int length) {
    if (ring.length < held + length) {
      int wanted = Integer.highestOneBit(Math.max(1, held + length - 1)) << 1;
      moveTo(new byte[Math.clamp(wanted, COPIED_FIRST, COPIED_MAX)]);
    }
    if (length > 0) {
      int end = (start + held) % ring.length;
      int straight = Math.min(length, ring.length - end);
      System.arraycopy(source, offset, ring, end, straight);
      System.arraycopy(source, offset + straight, ring, 0, length - straight);
      held += length;
    }
  }

  private void moveTo(byte[] larger) {
    int straight = Math.min(held, ring.length - start);
    System.arraycopy(ring, start, larger, 0, straight);
    System.arraycopy(ring, 0, larger, straight, held - straight);
    ring = larger;
    start = 0;
  }
}
