package dev.cairn.libp2p.yamux;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What one stream has still to send: small writes copied together, then at most one large write
/// that lies where its writer left it.
///
/// A large write is not copied into a queue: its thread waits until the connection's writer has
/// taken the bytes straight from the caller's array. So a stream's memory stays at [#COPIED_MAX]
/// however much is written. Under the connection's lock.
final class SendQueue {

  /// Bytes that are copied so that the writer need not wait.
  static final int COPIED_MAX = 16 << 10;

  private static final byte[] NONE = new byte[0];
  private static final int COPIED_FIRST = 256;

  private byte[] copied = NONE;
  private int start;
  private int end;
  private byte @Nullable [] lent;
  private int lentStart;
  private int lentEnd;

  int size() {
    return end - start + (lentEnd - lentStart);
  }

  /// Whether a large write is in the way of the next write.
  boolean blocked() {
    return lent != null;
  }

  /// Queues the bytes. After a true answer the caller's array is free; after a false one it is lent
  /// until [#blocked()] is false. Must not be called while blocked.
  boolean offer(byte[] source, int offset, int length) {
    if (end - start + length <= COPIED_MAX) {
      copy(source, offset, length);
      return true;
    }
    lent = source;
    lentStart = offset;
    lentEnd = offset + length;
    return false;
  }

  /// Moves `count` bytes into the target, in the order they were written.
  ///
  /// @param count at most [#size()]
  void take(ByteBuffer target, int count) {
    int first = Math.min(count, end - start);
    target.put(copied, start, first);
    start += first;
    if (start == end) {
      start = 0;
      end = 0;
    }
    byte[] source = lent;
    if (source == null) {
      return;
    }
    target.put(source, lentStart, count - first);
    lentStart += count - first;
    if (size() <= COPIED_MAX) {
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
    copied = NONE;
    start = 0;
    end = 0;
  }

  private void copy(byte[] source, int offset, int length) {
    if (copied.length - end < length) {
      int held = end - start;
      byte[] target = copied;
      if (copied.length < held + length) {
        int wanted = Integer.highestOneBit(Math.max(1, held + length - 1)) << 1;
        target = new byte[Math.clamp(wanted, COPIED_FIRST, COPIED_MAX)];
      }
      System.arraycopy(copied, start, target, 0, held);
      copied = target;
      start = 0;
      end = held;
    }
    System.arraycopy(source, offset, copied, end, length);
    end += length;
  }
}
