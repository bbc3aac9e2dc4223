package dev.cairn.core.chainspec;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/// The Simplex engine: `["simplex", longestSilence, epochBlocks, [[key, possession, account,
/// stake], ...]]`, the validators ascending by key; where they can change, `[stakeMin, unbonding,
/// slashPermille]` follows.
///
/// @param longestSilenceMillis after so long a block is made even with nothing to put into it
/// @param epochBlocks heights that one set of validators decides
/// @param staking how the validators change, for epochs of the same length; empty when they never
///   do
public record SimplexParams(
    long longestSilenceMillis,
    long epochBlocks,
    List<GenesisValidator> validatorList,
    Optional<StakingParams> staking)
    implements EngineParams {

  public static final String NAME = "simplex";

  /// The most validators: their certificate has to fit beside a block.
  public static final int VALIDATORS_MAX = StakingParams.VALIDATORS_MAX;

  /// Twice all stakes stays within 63 bits, as the quorum's rule needs.
  public static final long STAKE_MAX = StakingParams.STAKE_MAX;

  public static final long LONGEST_SILENCE_MILLIS_MAX = 24 * 60 * 60 * 1000L;

  public static final long EPOCH_BLOCKS_MAX = 1L << 40;

  /// Of a chain whose validators never change.
  public SimplexParams(
      long longestSilenceMillis, long epochBlocks, List<GenesisValidator> validatorList) {
    this(longestSilenceMillis, epochBlocks, validatorList, Optional.empty());
  }

  public SimplexParams {
    validatorList =
        validatorList.stream()
            .sorted(Comparator.comparing(v -> Hash.of(v.key().toArray())))
            .toList();
    require(
        longestSilenceMillis >= 1 && longestSilenceMillis <= LONGEST_SILENCE_MILLIS_MAX,
        "the longest silence is 1 ms to a day, not " + longestSilenceMillis + " ms");
    require(
        epochBlocks >= 1 && epochBlocks <= EPOCH_BLOCKS_MAX,
        "an epoch has 1 to 2^40 blocks, not " + epochBlocks);
    require(
        !validatorList.isEmpty() && validatorList.size() <= VALIDATORS_MAX,
        "a Simplex chain has 1 to 256 validators, not " + validatorList.size());
    Set<Bytes> keys = new HashSet<>();
    long stakes = 0;
    for (GenesisValidator validator : validatorList) {
      require(keys.add(validator.key()), "validator " + validator.key() + " is listed twice");
      require(
          validator.stake() >= 1 && validator.stake() <= STAKE_MAX - stakes,
          "stakes are at least 1 each and under 2^61 together");
      require(
          validator.verify(),
          "the proof of possession of validator " + validator.key() + " is not good");
      stakes += validator.stake();
    }
    if (staking.isPresent()) {
      requireStaking(staking.get(), epochBlocks, validatorList);
    }
  }

  private static void requireStaking(
      StakingParams staking, long epochBlocks, List<GenesisValidator> validators) {
    require(
        staking.epochBlocks() == epochBlocks, "sets of validators change with the engine's epochs");
    require(
        staking.stakeMin() >= 1 && staking.stakeMin() <= STAKE_MAX,
        "the least stake is 1 to 2^61 - 1, not " + staking.stakeMin());
    require(
        staking.unbondingMillis() >= 0
            && staking.unbondingMillis() <= StakingParams.UNBONDING_MILLIS_MAX,
        "the unbonding time is 0 to ten years, not " + staking.unbondingMillis() + " ms");
    require(
        staking.slashPermille() >= 1 && staking.slashPermille() <= StakingParams.SLASH_PERMILLE_MAX,
        "a punishment takes 1 to 1000 thousandths, not " + staking.slashPermille());
    for (GenesisValidator validator : validators) {
      require(
          validator.stake() >= staking.stakeMin(),
          "validator " + validator.key() + " has less than the least stake");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ValidatorEntry> validators() {
    return validatorList.stream().map(GenesisValidator::entry).toList();
  }

  /// `[epoch, proposer, validators, nextValidators]`: nobody proposed the genesis block, and the
  /// first two epochs have the first set.
  @Override
  public Bytes genesisConsensus() {
    byte[] set = Hash.sha256(ValidatorEntry.encodeSet(validators()).toArrayUnsafe()).bytes();
    CborWriter writer = new CborWriter().array(4).uint(0).bytes(new byte[Address.BYTES]);
    return Bytes.wrap(writer.bytes(set).bytes(set).toBytes());
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(staking.isPresent() ? 5 : 4).text(NAME);
    writer.uint(longestSilenceMillis).uint(epochBlocks);
    writer.array(validatorList.size());
    for (GenesisValidator v : validatorList) {
      writer.array(4).bytes(v.key().toArrayUnsafe()).bytes(v.possession().toArrayUnsafe());
      writer.bytes(v.account().publicKey()).uint(v.stake());
    }
    staking.ifPresent(
        s -> writer.array(3).uint(s.stakeMin()).uint(s.unbondingMillis()).uint(s.slashPermille()));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ChainSpecException(otherwise);
    }
  }
}
