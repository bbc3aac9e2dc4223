package dev.cairn.libp2p.secure;

import dev.cairn.libp2p.transport.Link;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Reads from a link in as few calls as it can and keeps what came beyond the bytes asked for.
///
/// While the link is quiet it waits with a small buffer of its own; a large one is taken from the
/// pool as soon as more comes, and given back when all of it is used up and nothing else waits.
///
/// Owner: the connection's reading thread.
public final class ReadAhead {

  /// Enough for a handshake or a small message, and all that an idle connection holds.
  static final int SMALL_BYTES = 1_024;

  private final Link link;
  private final Buffers pool;
  private final ByteBuffer small = ByteBuffer.allocate(SMALL_BYTES);

  /// Its position is the first byte that is not used, its limit the end of what has been read.
  private ByteBuffer buffer = small.limit(0);

  public ReadAhead(Link link, Buffers pool) {
    this.link = link;
    this.pool = pool;
  }

  /// What was read and is not used: the caller moves the position. Another one after each call that
  /// reads.
  public ByteBuffer buffer() {
    return buffer;
  }

  /// Waits until `count` bytes remain in [#buffer()].
  ///
  /// @param count at most the size of the pool's buffers
  /// @return false when the link ended before the first of them
  /// @throws EOFException when it ended in the middle
  public boolean require(int count) throws IOException {
    if (buffer.remaining() >= count) {
      return true;
    }
    makeRoom(count);
    while (buffer.remaining() < count) {
      int start = buffer.position();
      int end = buffer.limit();
      buffer.limit(buffer.capacity()).position(end);
      int n = -1;
      try {
        n = link.read(buffer);
      } finally {
        buffer.position(start).limit(end + Math.max(n, 0));
      }
      if (n < 0) {
        if (start == end) {
          return false;
        }
        throw new EOFException("the link ended in the middle of a frame");
      }
    }
    return true;
  }

  private void makeRoom(int count) throws IOException {
    boolean full = buffer.limit() == buffer.capacity();
    if (!buffer.hasRemaining()) {
      buffer.clear().limit(0);
      if (large() && link.available() == 0) {
        release();
        full = false;
      }
    }
    if (count > buffer.capacity() || (full && !large())) {
      ByteBuffer more = pool.take();
      if (count > more.capacity()) {
        throw new IllegalArgumentException("at most " + more.capacity() + " bytes at once");
      }
      buffer = more.put(buffer).flip();
    } else if (buffer.capacity() - buffer.position() < count) {
      buffer.compact().flip();
    }
  }

  private boolean large() {
    return buffer.capacity() > SMALL_BYTES;
  }

  /// Gives the large buffer back; what it holds is lost. For the end of the connection.
  public void release() {
    if (large()) {
      pool.give(buffer);
      buffer = small;
    }
    buffer.clear().limit(0);
  }

  /// The same bytes as a stream, for what is read before framing begins.
  public InputStream stream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return require(1) ? buffer.get() & 0xff : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (!require(1)) {
          return -1;
        }
        int n = Math.min(length, buffer.remaining());
        buffer.get(target, offset, n);
        return n;
      }

      @Override
      public int available() throws IOException {
        return buffer.hasRemaining() ? buffer.remaining() : link.available();
      }
    };
  }
}
