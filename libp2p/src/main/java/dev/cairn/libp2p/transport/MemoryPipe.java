package dev.cairn.libp2p.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One direction of a link in memory: a ring of bytes between one writer and one reader, which
/// grows to [#BYTES_MAX] and then holds the writer back.
final class MemoryPipe {

  /// The bytes that wait at most, as in a socket's buffers.
  static final int BYTES_MAX = 256 << 10;

  private static final int BYTES_FIRST = 1 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private byte[] ring = new byte[BYTES_FIRST];
  private int start;
  private int size;
  private boolean writerGone;
  private boolean readerGone;
  private long timeoutNanos;

  /// The writer's side has closed: what waits can still be read.
  void closeWriter() {
    lock.lock();
    try {
      writerGone = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The reader's side has closed: reads and writes fail.
  void closeReader() {
    lock.lock();
    try {
      readerGone = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void timeout(long nanos) {
    lock.lock();
    try {
      timeoutNanos = nanos;
    } finally {
      lock.unlock();
    }
  }

  private int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      long left = timeoutNanos;
      while (size == 0 || readerGone) {
        if (readerGone) {
          throw new SocketException("the link is closed");
        }
        if (writerGone) {
          return -1;
        }
        left = await(left);
      }
      int count = Math.min(length, size);
      int first = Math.min(count, ring.length - start);
      System.arraycopy(ring, start, target, offset, first);
      System.arraycopy(ring, 0, target, offset + first, count - first);
      start = (start + count) % ring.length;
      size -= count;
      changed.signalAll();
      return count;
    } finally {
      lock.unlock();
    }
  }

  private void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    lock.lock();
    try {
      int done = 0;
      while (done < length) {
        if (readerGone || writerGone) {
          throw new SocketException("the link is closed");
        }
        int count = Math.min(length - done, BYTES_MAX - size);
        if (count == 0) {
          await(0);
          continue;
        }
        grow(size + count);
        int at = (start + size) % ring.length;
        int first = Math.min(count, ring.length - at);
        System.arraycopy(source, offset + done, ring, at, first);
        System.arraycopy(source, offset + done + first, ring, 0, count - first);
        size += count;
        done += count;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void grow(int needed) {
    if (needed <= ring.length) {
      return;
    }
    byte[] larger = new byte[Integer.highestOneBit(needed - 1) << 1];
    int first = Math.min(size, ring.length - start);
    System.arraycopy(ring, start, larger, 0, first);
    System.arraycopy(ring, 0, larger, first, size - first);
    ring = larger;
    start = 0;
  }

  @SuppressWarnings("WaitNotInLoop")
  private long await(long leftNanos) throws IOException {
    try {
      if (leftNanos == 0) {
        changed.await();
        return 0;
      }
      long left = changed.awaitNanos(leftNanos);
      if (left <= 0) {
        throw new SocketTimeoutException("nothing was read in time");
      }
      return left;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private int available() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return MemoryPipe.this.read(target, offset, length);
      }

      @Override
      public int available() {
        return MemoryPipe.this.available();
      }
    };
  }

  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        MemoryPipe.this.write(source, offset, length);
      }
    };
  }
}
