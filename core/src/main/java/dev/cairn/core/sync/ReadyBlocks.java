package dev.cairn.core.sync;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Blocks that are verified as final and wait for those below them, bounded in bytes.
///
/// Owner: the [SyncMachine].
final class ReadyBlocks {

  record Ready(BlockMessage message, String from) {}

  private final TreeMap<Long, Ready> byHeight = new TreeMap<>();
  private final long bytesMax;
  private long bytes;

  ReadyBlocks(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  long bytes() {
    return bytes;
  }

  boolean has(long height) {
    return byHeight.containsKey(height);
  }

  Optional<Ready> at(long height) {
    return Optional.ofNullable(byHeight.get(height));
  }

  /// Keeps the block unless its height is taken; gives up the highest ones when there is no room,
  /// since the lowest are needed first.
  void add(BlockMessage message, String from) {
    long height = message.block().height();
    if (byHeight.putIfAbsent(height, new Ready(message, from)) != null) {
      return;
    }
    bytes += message.size();
    while (bytes > bytesMax && byHeight.size() > 1) {
      remove(byHeight.lastEntry());
    }
  }

  void drop(long height) {
    Ready ready = byHeight.remove(height);
    if (ready != null) {
      bytes -= ready.message().size();
    }
  }

  void dropUpTo(long height) {
    while (!byHeight.isEmpty() && byHeight.firstKey() <= height) {
      remove(byHeight.firstEntry());
    }
  }

  private void remove(Map.Entry<Long, Ready> entry) {
    byHeight.remove(entry.getKey());
    bytes -= entry.getValue().message().size();
  }
}
