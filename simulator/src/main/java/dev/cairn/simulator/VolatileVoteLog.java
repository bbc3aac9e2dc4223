package dev.cairn.simulator;

import dev.cairn.core.consensus.VoteLog;
import dev.cairn.core.consensus.VoteRecord;
import java.util.ArrayList;
import java.util.List;

/// A vote log in memory that loses what was not synced when its node crashes, as a disk does.
///
/// Owner: its [SimNode].
final class VolatileVoteLog implements VoteLog {

  private final boolean durable;
  private final List<VoteRecord> synced = new ArrayList<>();
  private final List<VoteRecord> unsynced = new ArrayList<>();

  /// @param durable false for a log that forgets everything in a crash, to see what breaks
  VolatileVoteLog(boolean durable) {
    this.durable = durable;
  }

  @Override
  public List<VoteRecord> load() {
    return List.copyOf(synced);
  }

  @Override
  public void append(VoteRecord entry) {
    unsynced.add(entry);
  }

  @Override
  public void sync() {
    synced.addAll(unsynced);
    unsynced.clear();
  }

  @Override
  public void prune(long epoch, long slot) {
    sync();
    if (synced.removeIf(entry -> entry.atOrBelow(epoch, slot))) {
      synced.addFirst(VoteRecord.floor(epoch, slot));
    }
  }

  /// What a crash leaves: of what was not synced a part that chance decides, from the front.
  ///
  /// @return how many records were lost
  int crash(SimRandom random) {
    int survivors = unsynced.isEmpty() ? 0 : random.nextInt(unsynced.size() + 1);
    int lost = unsynced.size() - survivors;
    synced.addAll(unsynced.subList(0, survivors));
    unsynced.clear();
    if (!durable) {
      synced.clear();
    }
    return lost;
  }

  int size() {
    return synced.size();
  }
}
