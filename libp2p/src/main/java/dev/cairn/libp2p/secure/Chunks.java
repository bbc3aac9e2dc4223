package dev.cairn.libp2p.secure;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A pool of large buffers of one size, shared by all connections of a host.
///
/// A connection holds a large buffer only while it is busy, so that ten thousand idle ones cost
/// nothing. More than [#keptMax] are left to the garbage collector. Safe from any thread.
public final class Chunks {

  private final int bytes;
  private final int keptMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private int borrowed;

  /// @param bytes the size of each buffer
  /// @param keptMax the buffers that wait in the pool at most
  public Chunks(int bytes, int keptMax) {
    this.bytes = bytes;
    this.keptMax = keptMax;
  }

  /// The size of each buffer.
  public int bytes() {
    return bytes;
  }

  /// A buffer that holds whatever its last user left in it.
  public byte[] take() {
    lock.lock();
    try {
      byte[] kept = free.pollLast();
      if (kept != null) {
        return kept;
      }
    } finally {
      lock.unlock();
    }
    return new byte[bytes];
  }

  /// Gives a buffer back; the caller must not touch it again. Chunks of another size are ignored.
  public void give(byte[] buffer) {
    if (buffer.length != bytes) {
      return;
    }
    lock.lock();
    try {
      if (free.size() < keptMax) {
        free.addLast(buffer);
      }
    } finally {
      lock.unlock();
    }
  }

  /// A buffer as of [#take], or null while as many as the pool keeps are borrowed. Whoever borrows
  /// gives back with [#giveBack].
  public byte @Nullable [] borrow() {
    lock.lock();
    try {
      if (borrowed >= keptMax) {
        return null;
      }
      borrowed++;
    } finally {
      lock.unlock();
    }
    return take();
  }

  /// Gives a borrowed buffer back; the caller must not touch it again.
  public void giveBack(byte[] buffer) {
    lock.lock();
    try {
      borrowed--;
    } finally {
      lock.unlock();
    }
    give(buffer);
  }

  int kept() {
    lock.lock();
    try {
      return free.size();
    } finally {
      lock.unlock();
    }
  }
}
