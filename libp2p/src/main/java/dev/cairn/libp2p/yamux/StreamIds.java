package dev.cairn.libp2p.yamux;

import java.util.LinkedHashSet;

/// Which of the peer's stream ids were used, so that none is used twice.
///
/// Ids need not arrive in order, because some stacks number a stream before they queue its first
/// frame. So the ids that were jumped over are remembered, the newest [#SKIPPED_MAX] of them; an
/// older one counts as used.
final class StreamIds {

  static final int SKIPPED_MAX = 1_024;

  private long highest;
  private final LinkedHashSet<Long> skipped = new LinkedHashSet<>();

  /// @param parity 1 for odd ids, 2 for even ones
  StreamIds(int parity) {
    this.highest = parity - 2L;
  }

  /// Whether the id has the right parity; 0 never has.
  boolean belongs(long id) {
    return id > 0 && (id - highest) % 2 == 0;
  }

  boolean used(long id) {
    return id <= highest && !skipped.contains(id);
  }

  /// Marks an id that belongs here as used; false when it was used before.
  boolean use(long id) {
    if (id <= highest) {
      return skipped.remove(id);
    }
    for (long jumped = Math.max(highest + 2, id - 2L * SKIPPED_MAX); jumped < id; jumped += 2) {
      skipped.add(jumped);
      if (skipped.size() > SKIPPED_MAX) {
        skipped.removeFirst();
      }
    }
    highest = id;
    return true;
  }

  int remembered() {
    return skipped.size();
  }
}
