package dev.cairn.core.consensus;

import java.util.List;

/// The durable memory of a validator: what it voted for, and the blocks behind those votes.
///
/// Its owner performs an engine's effects in order: [#append] for each [EngineEffect.Persist],
/// [#sync] before the first effect that sends anything, one sync for as many records as came
/// together. A log that is missing where one was before must refuse to open, since a validator
/// without its memory may vote twice.
public interface VoteLog {

  /// All records, in the order in which they were appended.
  List<VoteRecord> load();

  /// Adds a record; it may be lost until [#sync] returns.
  void append(VoteRecord entry);

  /// Returns when everything appended is on stable storage.
  void sync();

  /// Records at or below this place may be dropped, now or later. A log that drops any keeps a
  /// [VoteRecord#floor] of the same place, durable no later than the drop.
  void prune(long epoch, long slot);
}
