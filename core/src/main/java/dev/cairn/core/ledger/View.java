package dev.cairn.core.ledger;

import dev.cairn.core.Hash;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.StateView;
import dev.cairn.multiformats.Cid;

/// The state after a block, final or not. For the ledger's thread, until the ledger next makes a
/// block final.
public interface View extends StateView {

  /// The block that the state is after.
  Cid block();

  long height();

  /// The block's time, milliseconds since 1970-01-01 UTC.
  long time();

  Hash stateRoot();

  /// Proves what is under a key, against [#stateRoot].
  StateProof prove(StateKey key);
}
