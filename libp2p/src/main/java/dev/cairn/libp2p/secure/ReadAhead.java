package dev.cairn.libp2p.secure;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Reads from a link in as few calls as it can and keeps what came beyond the bytes asked for.
///
/// While the link is quiet it waits with a small buffer of its own; a large one is taken from the
/// pool as soon as more comes, and given back when all of it is used up and nothing else waits.
///
/// Owner: the connection's reading thread.
public final class ReadAhead {

  /// Enough for a handshake or a small message, and all that an idle connection holds.
  static final int SMALL_BYTES = 1_024;

  private final InputStream link;
  private final Buffers pool;
  private final byte[] small = new byte[SMALL_BYTES];
  private byte[] buffer = small;
  private int start;
  private int end;

  public ReadAhead(InputStream link, Buffers pool) {
    this.link = link;
    this.pool = pool;
  }

  /// The buffer that [#start()] points into; another one after each call that reads.
  public byte[] array() {
    return buffer;
  }

  /// Where the first unused byte is.
  public int start() {
    return start;
  }

  /// The unused bytes.
  public int available() {
    return end - start;
  }

  /// Marks `count` bytes as used.
  public void skip(int count) {
    start += count;
  }

  /// Waits until `count` bytes are there, in one piece from [#start()] on.
  ///
  /// @param count at most the size of the pool's buffers
  /// @return false when the link ended before the first of them
  /// @throws EOFException when it ended in the middle
  public boolean require(int count) throws IOException {
    if (end - start >= count) {
      return true;
    }
    makeRoom(count);
    while (end - start < count) {
      int n = link.read(buffer, end, buffer.length - end);
      if (n < 0) {
        if (start == end) {
          return false;
        }
        throw new EOFException("the link ended in the middle of a frame");
      }
      end += n;
    }
    return true;
  }

  private void makeRoom(int count) throws IOException {
    boolean full = end == buffer.length;
    if (start == end) {
      start = 0;
      end = 0;
      if (large() && link.available() == 0) {
        release();
        full = false;
      }
    }
    if (count > buffer.length || (full && !large())) {
      byte[] large = pool.take();
      if (count > large.length) {
        throw new IllegalArgumentException("at most " + large.length + " bytes at once");
      }
      moveTo(large);
    } else if (buffer.length - start < count) {
      moveTo(buffer);
    }
  }

  private void moveTo(byte[] target) {
    System.arraycopy(buffer, start, target, 0, end - start);
    buffer = target;
    end -= start;
    start = 0;
  }

  private boolean large() {
    return buffer.length > SMALL_BYTES;
  }

  /// Gives the large buffer back; what it holds is lost. For the end of the connection.
  public void release() {
    if (large()) {
      pool.give(buffer);
      buffer = small;
    }
    start = 0;
    end = 0;
  }

  /// The same bytes as a stream, for what is read before framing begins.
  public InputStream stream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return require(1) ? buffer[start++] & 0xff : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (!require(1)) {
          return -1;
        }
        int n = Math.min(length, end - start);
        System.arraycopy(buffer, start, target, offset, n);
        start += n;
        return n;
      }

      @Override
      public int available() throws IOException {
        return end > start ? end - start : link.available();
      }
    };
  }
}
