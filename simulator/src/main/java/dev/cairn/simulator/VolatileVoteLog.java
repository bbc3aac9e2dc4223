package dev.cairn.simulator;

import dev.cairn.core.consensus.VoteLog;
import dev.cairn.core.consensus.VoteRecord;
import java.util.ArrayList;
import java.util.List;

/// A vote log in memory that loses what was not synced when its node crashes, as a disk does.
final class VolatileVoteLog implements VoteLog {

  private final List<VoteRecord> durable = new ArrayList<>();
  private final List<VoteRecord> unsynced = new ArrayList<>();

  @Override
  public List<VoteRecord> load() {
    return List.copyOf(durable);
  }

  @Override
  public void append(VoteRecord entry) {
    unsynced.add(entry);
  }

  @Override
  public void sync() {
    durable.addAll(unsynced);
    unsynced.clear();
  }

  @Override
  public void prune(long epoch, long slot) {
    sync();
    if (durable.removeIf(entry -> entry.atOrBelow(epoch, slot))) {
      durable.addFirst(VoteRecord.floor(epoch, slot));
    }
  }

  /// What a crash leaves.
  void crash() {
    unsynced.clear();
  }
}
