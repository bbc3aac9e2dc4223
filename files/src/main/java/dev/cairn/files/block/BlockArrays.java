package dev.cairn.files.block;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/// Arrays for the content of large blocks, which are used again instead of being left to the
/// garbage collector: at hundreds of MB a second, fresh ones of a MiB outlive every young
/// collection and fill the heap up to its limit.
///
/// It keeps arrays of the lengths that most large blocks have, a few of each; whoever asks for
/// another length, or when none is left, gets a fresh one. Safe for use from any thread.
public final class BlockArrays {

  /// The lengths that are kept, in bytes: of the chunks of the profiles unixfs-v1-2025 and
  /// unixfs-v0-2015 (IPIP-499), and what a block begins with while it arrives.
  private static final int[] LENGTHS = {1 << 20, 256 << 10, 64 << 10};

  /// The arrays of one length that wait here at most.
  static final int KEPT_MAX = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<byte[]>[] free = queues();

  /// Holds nothing yet.
  public BlockArrays() {}

  // An array of a generic type cannot be made in another way.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ArrayDeque<byte[]>[] queues() {
    ArrayDeque<byte[]>[] queues = new ArrayDeque[LENGTHS.length];
    for (int i = 0; i < queues.length; i++) {
      queues[i] = new ArrayDeque<>();
    }
    return queues;
  }

  /// An array of exactly this length, with whatever its last user left in it.
  public byte[] take(int length) {
    int kind = kind(length);
    if (kind >= 0) {
      lock.lock();
      try {
        byte[] kept = free[kind].pollLast();
        if (kept != null) {
          return kept;
        }
      } finally {
        lock.unlock();
      }
    }
    return new byte[length];
  }

  /// Gives an array back, from here or not; nobody may touch it afterwards.
  public void give(byte[] array) {
    int kind = kind(array.length);
    if (kind < 0) {
      return;
    }
    lock.lock();
    try {
      if (free[kind].size() < KEPT_MAX) {
        free[kind].addLast(array);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Lets all arrays go that wait here.
  public void clear() {
    lock.lock();
    try {
      for (ArrayDeque<byte[]> queue : free) {
        queue.clear();
      }
    } finally {
      lock.unlock();
    }
  }

  private static int kind(int length) {
    for (int i = 0; i < LENGTHS.length; i++) {
      if (LENGTHS[i] == length) {
        return i;
      }
    }
    return -1;
  }
}
