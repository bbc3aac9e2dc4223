package dev.cairn.core.chainspec;

import dev.cairn.core.Hash;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.consensus.EngineProviders;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Stake;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.staking.Unstake;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateTree;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.TransactionHandlers;
import dev.cairn.multiformats.Base32;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/// What a chain is: everything that its nodes have to agree on beforehand. Its canonical encoding
/// is `[version, name, engine, genesisTime, accounts, feePerByte, blockBytesMax, payloads,
/// upgrades]`, and the SHA-256 of that is the chain's id.
///
/// A spec that exists can be run by this program: whatever it cannot run throws
/// [ChainSpecException].
///
/// @param name lowercase letters, digits and hyphens, 1 to 32
/// @param genesisTimeMillis time of the genesis block
/// @param accounts ascending by address once constructed
/// @param feePerByte the least fee of a transaction, in base units for each of its bytes
/// @param blockBytesMax what header, body and certificate may count together
/// @param payloads tags of the transactions that the chain admits, ascending once constructed
/// @param upgrades ascending
public record ChainSpec(
    String name,
    EngineParams engine,
    long genesisTimeMillis,
    List<GenesisAccount> accounts,
    long feePerByte,
    int blockBytesMax,
    List<Integer> payloads,
    List<Upgrade> upgrades) {

  /// The only version of the canonical encoding so far.
  public static final int VERSION = 1;

  public static final int ACCOUNTS_MAX = 100_000;

  public static final long FEE_PER_BYTE_MAX = 1_000_000_000_000L;

  /// A block must hold the largest transaction beside its header and certificate.
  public static final int BLOCK_BYTES_MIN = 128 * 1024;

  /// The last fork version whose rules this program has. Version 1 has the rules of version 0 and
  /// signatures of its own.
  public static final int FORK_VERSION_MAX = 1;

  public ChainSpec {
    accounts = accounts.stream().sorted(Comparator.comparing(GenesisAccount::address)).toList();
    payloads = payloads.stream().sorted().toList();
    upgrades = List.copyOf(upgrades);
    require(name.matches("[a-z0-9-]{1,32}"), "a chain's name is 1 to 32 of a-z, 0-9 and -");
    require(genesisTimeMillis >= 0, "the genesis time is before 1970");
    require(
        feePerByte >= 0 && feePerByte <= FEE_PER_BYTE_MAX,
        "the fee per byte is 0 to 10^12, not " + feePerByte);
    require(
        blockBytesMax >= BLOCK_BYTES_MIN && blockBytesMax <= Block.BYTES_MAX,
        "a block's limit is " + BLOCK_BYTES_MIN + " to 1000000 bytes, not " + blockBytesMax);
    requireOpenBytes(engine, blockBytesMax);
    requireSupply(engine, accounts);
    requirePayloads(payloads);
    requireStaking(engine, payloads);
    requireUpgrades(upgrades);
  }

  private static void requireOpenBytes(EngineParams engine, int blockBytesMax) {
    if (engine instanceof PowParams pow) {
      require(
          (long) pow.finalityDepth() * blockBytesMax <= PowParams.OPEN_BYTES_MAX,
          "the finality depth times a block's limit is at most "
              + PowParams.OPEN_BYTES_MAX
              + " bytes, since blocks that are not final are held in memory");
    }
  }

  private static void requireSupply(EngineParams engine, List<GenesisAccount> accounts) {
    require(accounts.size() <= ACCOUNTS_MAX, "a chain starts with at most 100000 accounts");
    long supply = engine.validators().stream().mapToLong(ValidatorEntry::stake).sum();
    Set<Object> seen = new HashSet<>();
    for (GenesisAccount account : accounts) {
      require(seen.add(account.address()), "account " + account.address() + " is listed twice");
      require(account.balance() >= 1, "account " + account.address() + " starts with nothing");
      require(
          account.balance() <= Long.MAX_VALUE - supply,
          "all balances and stakes together must stay under 2^63 base units");
      supply += account.balance();
    }
  }

  private static void requirePayloads(List<Integer> payloads) {
    require(!payloads.isEmpty(), "a chain admits at least one kind of transaction");
    int last = -1;
    for (int tag : payloads) {
      require(tag != last, "payload " + tag + " is listed twice");
      require(
          TransactionHandlers.find(tag).isPresent(),
          "the chain has transactions with payload tag " + tag + ", which this program lacks");
      last = tag;
    }
  }

  /// What moves or takes stake needs the rules for it, and rules without use would be an oversight.
  private static void requireStaking(EngineParams engine, List<Integer> payloads) {
    boolean moves = payloads.contains(Stake.TAG) || payloads.contains(Unstake.TAG);
    boolean takes = payloads.contains(Accusation.TAG);
    require(
        engine.staking().isPresent() == (moves || takes),
        engine.staking().isPresent()
            ? "the chain has rules for stakes but no stake, unstake or evidence transactions"
            : "stake, unstake and evidence transactions need the engine's rules for stakes");
  }

  private static void requireUpgrades(List<Upgrade> upgrades) {
    Upgrade last = new Upgrade(0, 0);
    for (Upgrade upgrade : upgrades) {
      require(
          upgrade.forkVersion() > last.forkVersion() && upgrade.height() > last.height(),
          "upgrades must rise in fork version and height, from 1");
      require(
          upgrade.forkVersion() <= FORK_VERSION_MAX,
          "the chain upgrades to fork version "
              + upgrade.forkVersion()
              + ", which this program lacks: it knows versions up to "
              + FORK_VERSION_MAX);
      last = upgrade;
    }
  }

  /// Reads a chain spec file's text.
  ///
  /// @throws ChainSpecException with a sentence for a person
  public static ChainSpec parse(String toml) {
    return parse(toml, EngineProviders.installed());
  }

  /// The same with these engines besides those of this program.
  ///
  /// @throws ChainSpecException with a sentence for a person
  public static ChainSpec parse(String toml, EngineProviders engines) {
    return ChainSpecText.parse(toml, engines);
  }

  /// The text of a chain spec file that says the same.
  public String toText() {
    return ChainSpecText.write(this);
  }

  /// The canonical encoding.
  public Bytes encode() {
    CborWriter writer = new CborWriter().array(9).uint(VERSION).text(name);
    engine.write(writer);
    writer.uint(genesisTimeMillis).array(accounts.size());
    accounts.forEach(a -> writer.array(2).bytes(a.address().publicKey()).uint(a.balance()));
    writer.uint(feePerByte).uint(blockBytesMax).array(payloads.size());
    payloads.forEach(writer::uint);
    writer.array(upgrades.size());
    upgrades.forEach(u -> writer.array(2).uint(u.forkVersion()).uint(u.height()));
    return Bytes.wrap(writer.toBytes());
  }

  /// The chain's id: the SHA-256 of the canonical encoding.
  public Hash chainId() {
    return Hash.sha256(encode().toArrayUnsafe());
  }

  /// `<chain>` in topics and protocols: the first 16 characters of the id's base32.
  public String shortName() {
    return Base32.encode(chainId().bytes()).substring(0, 16);
  }

  /// The fork version that holds at a height.
  public int forkVersion(long height) {
    int version = 0;
    for (Upgrade upgrade : upgrades) {
      if (height >= upgrade.height()) {
        version = upgrade.forkVersion();
      }
    }
    return version;
  }

  /// The domain of signatures in and for a block at this height.
  public SigningDomain domainAt(long height) {
    return new SigningDomain(chainId(), forkVersion(height));
  }

  /// The state that the chain starts with.
  public SortedMap<StateKey, Bytes> genesisState() {
    SortedMap<StateKey, Bytes> state = new TreeMap<>();
    for (GenesisAccount account : accounts) {
      state.put(StateKey.account(account.address()), new Account(account.balance(), 0).encode());
    }
    List<ValidatorEntry> validators = engine.validators();
    validators.forEach(v -> state.put(StateKey.validator(v.key()), v.encode()));
    if (!validators.isEmpty()) {
      state.put(ValidatorEntry.KEYS, ValidatorEntry.encodeKeys(validators));
    }
    if (engine.staking().isPresent()) {
      state.put(StakingParams.KEY, engine.staking().get().encode());
      state.put(StateKey.validatorSet(0), ValidatorEntry.encodeSet(validators));
      state.put(StateKey.validatorSet(1), ValidatorEntry.encodeSet(validators));
    }
    return state;
  }

  /// The block at height 0: no parent, no seal, no transactions.
  public Block genesis() {
    return Block.seal(
        0,
        genesisTimeMillis,
        Optional.empty(),
        Body.of(List.of()),
        StateTree.of(genesisState()).root(),
        engine.genesisConsensus(),
        Sealer.NONE);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ChainSpecException(otherwise);
    }
  }
}
