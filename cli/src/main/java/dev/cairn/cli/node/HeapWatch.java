package dev.cairn.cli.node;

import java.time.Duration;

/// Keeps the heap of a node near what lives in it.
///
/// The serial collector looks for garbage among old objects only when the heap has grown to its
/// limit: a node that has moved a large file would hold a GiB from then on. So the whole heap is
/// collected as soon as it is a few times as large as what lived in it the last time, which costs
/// about a percent, and once after each time of work, so that an idle node is small again.
final class HeapWatch {

  /// A heap up to this many bytes is not worth a collection under load, whatever lives in it.
  static final long HEAP_BYTES_LEAST = 64L << 20;

  /// Bytes of heap above that for each byte that lived the last time.
  static final int HEAP_PER_LIVE = 3;

  /// Growth from which on an idle node is worth one, in bytes.
  static final long IDLE_GROWTH_BYTES = 8L << 20;

  /// A node that makes fewer bytes of objects than this between two looks does next to nothing.
  static final long IDLE_MADE_BYTES_MAX = 1L << 20;

  /// So many idle looks in a row, and the work is over: ten seconds.
  static final int IDLE_LOOKS = 50;

  static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private long keptBytes;
  private long usedThen;
  private long usedBefore;
  private int idleLooks;

  HeapWatch(long heapBytes) {
    this.keptBytes = heapBytes;
  }

  /// Watches this process from now on; the thread ends with it.
  static void start() {
    Thread.ofVirtual().name("heap").start(HeapWatch::run);
  }

  private static void run() {
    Runtime runtime = Runtime.getRuntime();
    HeapWatch watch = new HeapWatch(runtime.totalMemory());
    try {
      while (true) {
        Thread.sleep(BETWEEN_LOOKS);
        long heap = runtime.totalMemory();
        if (watch.isDue(heap, heap - runtime.freeMemory())) {
          System.gc();
          heap = runtime.totalMemory();
          watch.collected(heap, heap - runtime.freeMemory());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One look.
  ///
  /// @param heapBytes that the process has from the system
  /// @param usedBytes of these by objects, alive or not
  /// @return whether all of the heap is to be collected now
  boolean isDue(long heapBytes, long usedBytes) {
    long made = usedBytes - usedBefore;
    usedBefore = usedBytes;
    boolean idle = made >= 0 && made <= IDLE_MADE_BYTES_MAX;
    idleLooks = idle ? idleLooks + 1 : 0;
    return heapBytes > HEAP_BYTES_LEAST + HEAP_PER_LIVE * usedThen
        || (idleLooks >= IDLE_LOOKS && heapBytes - keptBytes > IDLE_GROWTH_BYTES);
  }

  /// What a collection has left.
  void collected(long heapBytes, long usedBytes) {
    keptBytes = heapBytes;
    usedThen = usedBytes;
    usedBefore = usedBytes;
    idleLooks = 0;
  }
}
