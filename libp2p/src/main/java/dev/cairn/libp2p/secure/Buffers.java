package dev.cairn.libp2p.secure;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A pool of large buffers of one size, shared by all connections of a host.
///
/// A connection holds a large buffer only while it is busy, so that ten thousand idle ones cost
/// nothing. The pool owns [#max] buffers at most; whoever comes when all are taken gets one of a
/// pool of smaller ones, and at last one on the heap, which is slower and goes to the garbage
/// collector. Safe from any thread.
public final class Buffers {

  private final int bytes;
  private final boolean direct;
  private final int max;
  private final @Nullable Buffers smaller;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private int made;

  /// @param bytes the size of each buffer
  /// @param direct whether the pool's buffers lie outside the heap
  /// @param max the buffers that the pool owns at most
  public Buffers(int bytes, boolean direct, int max) {
    this(bytes, direct, max, null);
  }

  private Buffers(int bytes, boolean direct, int max, @Nullable Buffers smaller) {
    this.bytes = bytes;
    this.direct = direct;
    this.max = max;
    this.smaller = smaller;
  }

  /// A pool of larger buffers that falls back on this one.
  ///
  /// @param bytes the size of each buffer, more than here
  /// @param max the larger buffers at most
  public Buffers behind(int bytes, int max) {
    if (bytes <= this.bytes) {
      throw new IllegalArgumentException(bytes + " bytes are not more than " + this.bytes);
    }
    return new Buffers(bytes, direct, max, this);
  }

  /// A cleared buffer that holds whatever its last user left in it.
  public ByteBuffer take() {
    boolean make;
    lock.lock();
    try {
      ByteBuffer kept = free.pollLast();
      if (kept != null) {
        return kept.clear();
      }
      make = made < max;
      if (make) {
        made++;
      }
    } finally {
      lock.unlock();
    }
    if (!make && smaller != null) {
      return smaller.take();
    }
    return make && direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
  }

  /// Gives a buffer back; the caller must not touch it again.
  public void give(ByteBuffer buffer) {
    if (buffer.capacity() < bytes && smaller != null) {
      smaller.give(buffer);
      return;
    }
    lock.lock();
    try {
      if (free.size() < max && buffer.isDirect() == direct) {
        free.addLast(buffer);
      }
    } finally {
      lock.unlock();
    }
  }

  int free() {
    lock.lock();
    try {
      return free.size();
    } finally {
      lock.unlock();
    }
  }
}
