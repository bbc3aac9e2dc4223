package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The chain of every simulation: known keys, some funded accounts, short epochs.
record SimChain(ChainSpec spec, List<Ed25519Key> validators, List<Ed25519Key> accounts) {

  static final int ACCOUNTS = 16;

  private static final long FUNDS = 1_000_000_000_000L;
  private static final long LONGEST_SILENCE_MILLIS = 5_000;
  private static final long EPOCH_BLOCKS = 50;

  static SimChain of(int validators) {
    List<Ed25519Key> validatorKeys = keys(validators, 100);
    List<Ed25519Key> accountKeys = keys(ACCOUNTS, 1);
    List<GenesisValidator> entries = new ArrayList<>();
    for (Ed25519Key key : validatorKeys) {
      entries.add(GenesisValidator.of(key, Address.of(key.publicKey()), 1_000));
    }
    List<GenesisAccount> funded = new ArrayList<>();
    for (Ed25519Key key : accountKeys) {
      funded.add(new GenesisAccount(Address.of(key.publicKey()), FUNDS));
    }
    ChainSpec spec =
        new ChainSpec(
            "simulation",
            new SimplexParams(LONGEST_SILENCE_MILLIS, EPOCH_BLOCKS, entries),
            Schedule.WALL_MILLIS_START - 1_000,
            funded,
            1,
            1_000_000,
            List.of(1, 2, 3),
            List.of());
    return new SimChain(spec, validatorKeys, accountKeys);
  }

  private static List<Ed25519Key> keys(int count, int first) {
    List<Ed25519Key> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] seed = new byte[Ed25519.SEED_BYTES];
      Arrays.fill(seed, (byte) (first + i));
      keys.add(Ed25519Key.fromSeed(seed));
    }
    return keys;
  }
}
