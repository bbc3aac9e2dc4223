package dev.cairn.core.staking;

import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateWriter;
import dev.cairn.core.state.ValidatorEntry;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// What the last block of an epoch does after its transactions (spec/state.md, "The end of an
/// epoch"): it fixes the validators of the epoch after the next, forgets a set that is too old for
/// evidence, and pays what has unbonded.
///
/// It knows no engine: any whose chain spec has [StakingParams] gets its sets from here.
public final class EpochEnd {

  private final StakingParams params;

  public EpochEnd(StakingParams params) {
    this.params = params;
  }

  /// Whether the block of this height is the last of its epoch.
  public boolean at(long height) {
    return height % params.epochBlocks() == 0;
  }

  /// Changes the state after the transactions of such a block.
  ///
  /// @param timeMillis the block's
  public void apply(StateWriter state, long height, long timeMillis) {
    long epoch = params.epochOf(height);
    state.put(StateKey.validatorSet(epoch + 2), ValidatorEntry.encodeSet(state.validators()));
    if (epoch >= StakingParams.EVIDENCE_EPOCHS) {
      state.remove(StateKey.validatorSet(epoch - StakingParams.EVIDENCE_EPOCHS));
    }
    pay(new Stakes(state, params), state, epoch, timeMillis);
  }

  private static void pay(Stakes stakes, StateWriter state, long epoch, long timeMillis) {
    for (Bytes key : stakes.unbondingKeys()) {
      List<Unbonding> left = new ArrayList<>();
      List<Unbonding> queue = Stakes.unbonding(state, key);
      for (Unbonding one : queue) {
        if (one.due(epoch, timeMillis)) {
          stakes.pay(one.account(), one.amount());
        } else {
          left.add(one);
        }
      }
      if (left.size() < queue.size()) {
        stakes.put(key, left);
      }
    }
  }
}
