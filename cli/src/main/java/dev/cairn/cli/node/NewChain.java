package dev.cairn.cli.node;

import dev.cairn.cli.CliException;
import dev.cairn.core.Address;
import dev.cairn.core.Coins;
import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Stake;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.staking.Unstake;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.NodeFolder;
import dev.cairn.node.keys.Keystore;
import dev.cairn.node.keys.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a chain for trying things out, with a funded account and one or more validators of equal
/// stake, and keeps the keys in files.
public final class NewChain {

  /// The file names of an account's key and its passphrase.
  public static final String ACCOUNT = "account.json";

  public static final String ACCOUNT_PASSWORD = "account.password";

  private static final String VALIDATOR = "validator.json";
  private static final String VALIDATOR_PASSWORD = "validator.password";
  private static final long FUNDS = 1_000_000_000L * Coins.ONE;

  /// What a validator's own account starts with: enough for the fees of many transactions.
  private static final long VALIDATOR_FUNDS = 1_000 * Coins.ONE;

  /// Heights that one set of validators decides, unless somebody says otherwise.
  public static final long EPOCH_BLOCKS = 1_000;

  /// What each validator starts with, and the least that one has.
  private static final long STAKE = Coins.ONE;

  /// A minute to get stake back.
  private static final long UNBONDING_MILLIS = 60_000;

  /// 5 % for who breaks the rules.
  private static final int SLASH_PERMILLE = 50;

  private static final int PASSPHRASE_BYTES = 16;

  private final SecureRandom random = new SecureRandom();

  /// Makes the chain's keys in these folders, and its spec.
  ///
  /// @param accountFolder gets the funded account's key
  /// @param validatorFolders each gets the key of a validator and that of the account which is paid
  ///   for its blocks; where it is the account's folder, they share the account
  /// @param longestSilenceMillis after which an idle chain makes a block
  /// @param epochBlocks heights that one set of validators decides
  public ChainSpec create(
      String name,
      Path accountFolder,
      List<Path> validatorFolders,
      long longestSilenceMillis,
      long epochBlocks) {
    try {
      Address funded = account(accountFolder);
      List<GenesisAccount> accounts = new ArrayList<>();
      accounts.add(new GenesisAccount(funded, FUNDS));
      List<GenesisValidator> validators = new ArrayList<>();
      for (Path folder : validatorFolders) {
        Address paid = account(folder);
        if (!paid.equals(funded)) {
          accounts.add(new GenesisAccount(paid, VALIDATOR_FUNDS));
        }
        Ed25519Key key = key(folder, VALIDATOR, VALIDATOR_PASSWORD);
        validators.add(GenesisValidator.of(key, paid, STAKE));
      }
      return new ChainSpec(
          name,
          new SimplexParams(
              longestSilenceMillis,
              epochBlocks,
              validators,
              Optional.of(new StakingParams(epochBlocks, STAKE, UNBONDING_MILLIS, SLASH_PERMILLE))),
          System.currentTimeMillis(),
          accounts,
          1,
          Block.BYTES_MAX,
          List.of(Transfer.TAG, Put.TAG, Delete.TAG, Stake.TAG, Unstake.TAG, Accusation.TAG),
          List.of());
    } catch (IOException e) {
      throw CliException.failed(
          "cannot make a chain: " + e.getMessage() + ": " + NodeFolder.reason(e));
    }
  }

  /// Makes the funded account's key in its folder, and the spec of a chain that is mined.
  public ChainSpec createMined(String name, Path accountFolder, PowParams params) {
    return new ChainSpec(
        name,
        params,
        System.currentTimeMillis(),
        List.of(new GenesisAccount(accountIn(accountFolder), FUNDS)),
        1,
        Block.BYTES_MAX,
        List.of(Transfer.TAG, Put.TAG, Delete.TAG),
        List.of());
  }

  /// The account in a folder, made if there is none yet.
  public Address accountIn(Path folder) {
    try {
      return account(folder);
    } catch (IOException e) {
      throw CliException.failed(
          "cannot make an account: " + e.getMessage() + ": " + NodeFolder.reason(e));
    }
  }

  /// Whether a node's folder has a validator's key.
  public static boolean hasValidator(Path folder) {
    return Files.exists(folder.resolve(VALIDATOR));
  }

  /// What `config.toml` says so that a node votes with the validator's key in its folder.
  public static String validatorSettings() {
    return "validator_key = \"%s\"\nvalidator_password_file = \"%s\"\n"
        .formatted(VALIDATOR, VALIDATOR_PASSWORD);
  }

  private Address account(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Address.of(key(folder, ACCOUNT, ACCOUNT_PASSWORD).publicKey());
  }

  /// The key in these files, made if there is none yet.
  private Ed25519Key key(Path folder, String keyFile, String passwordFile) throws IOException {
    Path file = folder.resolve(keyFile);
    Path password = folder.resolve(passwordFile);
    if (!Files.exists(password)) {
      byte[] bytes = new byte[PASSPHRASE_BYTES];
      random.nextBytes(bytes);
      SecretFile.create(password, (Hex.encode(bytes) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String passphrase = Files.readString(password).strip();
    if (Files.exists(file)) {
      return Keystore.read(file).open(passphrase);
    }
    Ed25519Key key = Ed25519Key.generate(random);
    Keystore.seal(keyFile.replace(".json", ""), key, passphrase, random).write(file);
    return key;
  }
}
