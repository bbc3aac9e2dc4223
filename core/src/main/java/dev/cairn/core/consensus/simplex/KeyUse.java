package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.VoteRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// Whether this node's key votes: it is in the epoch's set, and nobody else may be using it.
///
/// Owner: the engine.
final class KeyUse {

  private final @Nullable Signer key;
  private final VoteRules rules;
  private final List<VoteRecord> restored;
  private boolean silent;

  /// @param rules how it votes
  /// @param silent whether the key must not be used before it is allowed
  /// @param records what the vote log held
  KeyUse(@Nullable Signer key, VoteRules rules, boolean silent, List<VoteRecord> records) {
    this.key = key;
    this.rules = rules;
    this.silent = silent;
    this.restored = new ArrayList<>(records);
  }

  /// The key's index in the present epoch's set, or -1.
  int self(Situation situation) {
    return key == null ? -1 : situation.instance().set().indexOf(Bytes.wrap(key.publicKey()));
  }

  /// The key's part in the present epoch, with what the vote log has of it; null for none.
  @Nullable Voting enterEpoch(Situation situation) {
    long epoch = situation.instance().epoch();
    restored.removeIf(r -> r.epoch() < epoch);
    int self = self(situation);
    if (key == null || self < 0 || silent) {
      return null;
    }
    Restored.into(situation, restored, self);
    return new Voting(situation, key, self, Restored.floor(restored, epoch), rules);
  }

  /// Allows or forbids the key's use. Once used and forbidden, it stays so until the node starts
  /// again: what was voted since the start is in the vote log only.
  @Nullable Voting allow(boolean allowed, Situation situation) {
    if (!allowed) {
      restored.clear();
      restored.add(VoteRecord.floor(Long.MAX_VALUE, 0));
    }
    silent = !allowed;
    return enterEpoch(situation);
  }
}
