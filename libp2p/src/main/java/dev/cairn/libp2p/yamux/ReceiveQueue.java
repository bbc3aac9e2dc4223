package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.secure.Chunks;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What one stream has received and its owner has not yet read: a chain of chunks.
///
/// Memory is taken for bytes that have arrived, never for a length that was only announced: at most
/// about twice as much. Under the connection's lock.
final class ReceiveQueue {

  private static final int CHUNK_FIRST = 256;

  private static final class Chunk {
    final byte[] bytes;
    int start;
    int end;
    @Nullable Chunk next;

    Chunk(byte[] bytes) {
      this.bytes = bytes;
    }

    int put(ByteBuffer source, int most) {
      int count = Math.min(most, bytes.length - end);
      source.get(bytes, end, count);
      end += count;
      return count;
    }
  }

  private final Chunks pool;
  private @Nullable Chunk head;
  private @Nullable Chunk tail;
  private int size;

  /// @param pool large chunks come from here
  ReceiveQueue(Chunks pool) {
    this.pool = pool;
  }

  int size() {
    return size;
  }

  /// Takes `count` bytes from the buffer.
  void add(ByteBuffer source, int count) {
    int left = count;
    Chunk last = tail;
    if (last != null) {
      left -= last.put(source, left);
    }
    while (left > 0) {
      Chunk chunk = new Chunk(room(left));
      left -= chunk.put(source, left);
      append(chunk);
    }
    size += count;
  }

  /// Takes `count` bytes together with the array that they lie in, one of the pool's, when they
  /// fill so much of it that copying would save no memory.
  ///
  /// @return false when nothing was taken
  boolean keep(ByteBuffer source, int count) {
    if (count < pool.bytes() / 2) {
      return false;
    }
    Chunk chunk = new Chunk(source.array());
    chunk.start = source.arrayOffset() + source.position();
    chunk.end = chunk.start + count;
    append(chunk);
    size += count;
    return true;
  }

  private void append(Chunk chunk) {
    if (tail == null) {
      head = chunk;
    } else {
      tail.next = chunk;
    }
    tail = chunk;
  }

  private byte[] room(int length) {
    if (Math.max(length, size) >= pool.bytes() / 2) {
      return pool.take();
    }
    return new byte[Math.max(CHUNK_FIRST, Integer.highestOneBit(Math.max(1, length - 1)) << 1)];
  }

  /// Moves up to `length` bytes out and returns how many there were; 0 when nothing waits.
  int take(byte[] target, int offset, int length) {
    int taken = 0;
    Chunk first = head;
    while (first != null && taken < length) {
      int n = Math.min(length - taken, first.end - first.start);
      System.arraycopy(first.bytes, first.start, target, offset + taken, n);
      first.start += n;
      taken += n;
      if (first.start == first.end) {
        first = dropHead(first);
      }
    }
    size -= taken;
    return taken;
  }

  /// Forgets what waits and returns how many bytes that was.
  int clear() {
    int dropped = size;
    Chunk first = head;
    while (first != null) {
      first = dropHead(first);
    }
    size = 0;
    return dropped;
  }

  private @Nullable Chunk dropHead(Chunk first) {
    pool.give(first.bytes);
    head = first.next;
    if (head == null) {
      tail = null;
    }
    return head;
  }
}
