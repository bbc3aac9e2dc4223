package dev.cairn.core.staking;

import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateView;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// How validators come, go and are punished on a chain whose set can change. From the chain spec;
/// kept in the state, as `[epochBlocks, stakeMin, unbonding, slashPermille]`, where the handlers of
/// transactions read it.
///
/// @param epochBlocks heights that one set of validators decides
/// @param stakeMin base units that a validator has at least
/// @param unbondingMillis header time from an unstaking to the earliest payment
/// @param slashPermille thousandths of its stake that a validator loses when it is punished, 1 to
///   1,000
public record StakingParams(
    long epochBlocks, long stakeMin, long unbondingMillis, int slashPermille) {

  /// Validators with stake: their certificate has to fit beside a block.
  public static final int VALIDATORS_MAX = 256;

  /// Keys that have stake or are owed some: a new one is admitted below that only.
  public static final int KEYS_MAX = 1_024;

  /// Unstakings of one validator that wait to be paid; a punishment may add one more, the last.
  public static final int UNBONDING_MAX = 16;

  /// Twice all stakes stays within 63 bits, as the quorum's rule needs.
  public static final long STAKE_MAX = (1L << 61) - 1;

  public static final long UNBONDING_MILLIS_MAX = 10L * 365 * 24 * 60 * 60 * 1000;

  public static final int SLASH_PERMILLE_MAX = 1_000;

  /// How many epochs after its own an offence can still be punished. So long sets stay in the
  /// state, and unstaked stake is not paid before.
  public static final int EVIDENCE_EPOCHS = 2;

  /// Where the state has it.
  public static final StateKey KEY = StateKey.parameter("staking");

  /// Of the chain whose state this is; empty when its validators never change.
  public static Optional<StakingParams> of(StateView state) {
    return state.get(KEY).map(StakingParams::decode);
  }

  /// The epoch of a height from 1 on.
  public long epochOf(long height) {
    return (height - 1) / epochBlocks;
  }

  public Bytes encode() {
    CborWriter writer = new CborWriter().array(4).uint(epochBlocks).uint(stakeMin);
    return Bytes.wrap(writer.uint(unbondingMillis).uint(slashPermille).toBytes());
  }

  /// @throws dev.cairn.multiformats.MalformedException when the bytes are something else
  public static StakingParams decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    reader.array(4);
    StakingParams params =
        new StakingParams(
            reader.uint(), reader.uint(), reader.uint(), (int) reader.uint(SLASH_PERMILLE_MAX));
    reader.end();
    return params;
  }
}
