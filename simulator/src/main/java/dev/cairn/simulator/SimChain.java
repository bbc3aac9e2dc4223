package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Stake;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.staking.Unstake;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The chain of a simulation: known keys, some funded accounts, short epochs whose validators'
/// stakes change.
///
/// @param validators the key of node i at place i
/// @param stakes likewise
record SimChain(
    ChainSpec spec, List<Ed25519Key> validators, List<Long> stakes, List<Ed25519Key> accounts) {

  static final int ACCOUNTS = 16;

  /// So that a seed crosses many ends of epochs.
  static final long EPOCH_BLOCKS = 20;

  static final long LONGEST_SILENCE_MILLIS = 1_000;

  private static final StakingParams STAKING = new StakingParams(EPOCH_BLOCKS, 100, 5_000, 100);

  static final long FUNDS = 1_000_000_000_000L;
  private static final int VALIDATOR_KEYS_FROM = 1_000;

  static SimChain of(List<Long> stakes) {
    List<Ed25519Key> validators = keys(stakes.size(), VALIDATOR_KEYS_FROM);
    List<Ed25519Key> accounts = accountKeys();
    List<GenesisValidator> entries = new ArrayList<>();
    for (int i = 0; i < validators.size(); i++) {
      Ed25519Key key = validators.get(i);
      entries.add(GenesisValidator.of(key, Address.of(key.publicKey()), stakes.get(i)));
    }
    List<GenesisAccount> funded = new ArrayList<>();
    for (Ed25519Key key : Stream.concat(accounts.stream(), validators.stream()).toList()) {
      funded.add(new GenesisAccount(Address.of(key.publicKey()), FUNDS));
    }
    ChainSpec spec =
        new ChainSpec(
            "simulation",
            new SimplexParams(LONGEST_SILENCE_MILLIS, EPOCH_BLOCKS, entries, Optional.of(STAKING)),
            Schedule.WALL_MILLIS_START - 1_000,
            funded,
            1,
            1_000_000,
            List.of(1, 2, 3, Stake.TAG, Unstake.TAG, Accusation.TAG),
            List.of());
    return new SimChain(spec, validators, stakes, accounts);
  }

  static List<Ed25519Key> accountKeys() {
    return keys(ACCOUNTS, 1);
  }

  private static List<Ed25519Key> keys(int count, int first) {
    List<Ed25519Key> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] seed = new byte[Ed25519.SEED_BYTES];
      seed[0] = (byte) (first + i);
      seed[1] = (byte) ((first + i) >> 8);
      keys.add(Ed25519Key.fromSeed(seed));
    }
    return keys;
  }
}
