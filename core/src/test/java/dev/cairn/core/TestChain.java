package dev.cairn.core;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.EngineParams;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.chainspec.Upgrade;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A small chain with funded accounts, whose keys are known to the tests.
public final class TestChain {

  public static final long GENESIS_TIME = 1_767_225_600_000L;
  public static final long FUNDS = 1_000_000_000_000L;
  public static final long FEE = 10_000;

  private final List<Ed25519Key> keys = new ArrayList<>();
  private final ChainSpec spec;
  private final SigningDomain domain;

  /// A chain of one Simplex validator.
  public TestChain(int accounts) {
    this(
        accounts,
        new SimplexParams(
            10_000,
            1_000,
            List.of(GenesisValidator.of(key(200), Address.of(key(201).publicKey()), 1_000))));
  }

  public TestChain(int accounts, EngineParams engine) {
    List<GenesisAccount> funded = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      keys.add(key(i + 1));
      funded.add(new GenesisAccount(address(i), FUNDS));
    }
    spec =
        new ChainSpec(
            "test",
            engine,
            GENESIS_TIME,
            funded,
            1,
            1_000_000,
            List.of(1, 2, 3),
            List.of(new Upgrade(1, 1_000_000)));
    domain = spec.domainAt(1);
  }

  /// A key whose seed is one number.
  public static Ed25519Key key(int number) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) number);
    seed[0] = (byte) (number >>> 8);
    return Ed25519Key.fromSeed(seed);
  }

  public ChainSpec spec() {
    return spec;
  }

  public SigningDomain domain() {
    return domain;
  }

  public Ed25519Key key(Address of) {
    return keys.stream()
        .filter(k -> Address.of(k.publicKey()).equals(of))
        .findFirst()
        .orElseThrow();
  }

  public Ed25519Key accountKey(int index) {
    return keys.get(index);
  }

  public Address address(int index) {
    return Address.of(keys.get(index).publicKey());
  }

  public Address proposer() {
    return Address.of(key(201).publicKey());
  }

  /// A transaction that is valid for an hour after genesis.
  public Transaction sign(int account, long nonce, long fee, Payload payload) {
    return Transaction.sign(
        domain, keys.get(account), nonce, fee, GENESIS_TIME + 3_600_000, payload);
  }

  public Transaction transfer(int from, long nonce, int to, long amount) {
    return sign(from, nonce, FEE, new Transfer(address(to), amount));
  }
}
