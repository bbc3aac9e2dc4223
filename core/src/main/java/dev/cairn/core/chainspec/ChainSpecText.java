package dev.cairn.core.chainspec;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import dev.cairn.core.consensus.EngineProvider;
import dev.cairn.core.consensus.EngineProviders;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.transaction.TransactionHandler;
import dev.cairn.core.transaction.TransactionHandlers;
import dev.cairn.multiformats.Hex;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Chain spec files. They are TOML and not JSON because TOML's integers have 64 bits, as balances
/// need, and because people who write such a file by hand want comments and readable times.
final class ChainSpecText {

  private static final int TEXT_CHARS_MAX = 32 * 1024 * 1024;

  /// Strings and comments are matched so that digits in them are not.
  private static final Pattern STRING_COMMENT_OR_NUMBER =
      Pattern.compile(
          "\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"|'[^'\\n]*'|#[^\\n]*"
              + "|([0-9][0-9_]{18,}|0[box]\\w*)");

  private ChainSpecText() {}

  static ChainSpec parse(String toml, EngineProviders engines) {
    if (toml.length() > TEXT_CHARS_MAX) {
      throw new ChainSpecException("chain spec: the file is too large");
    }
    SpecTable table = new SpecTable("", parsed(toml));
    String name = table.text("name");
    EngineParams engine = engine(table.table("engine"), engines);
    List<GenesisAccount> accounts = new ArrayList<>();
    for (SpecTable account : table.tables("accounts")) {
      accounts.add(new GenesisAccount(account.address("address"), account.integer("balance")));
      account.end();
    }
    List<Integer> payloads = new ArrayList<>();
    for (String kind : table.texts("payloads")) {
      payloads.add(payload(kind));
    }
    List<Upgrade> upgrades = new ArrayList<>();
    for (SpecTable upgrade : table.tables("upgrades")) {
      upgrades.add(new Upgrade(upgrade.smallInteger("fork-version"), upgrade.integer("height")));
      upgrade.end();
    }
    ChainSpec spec =
        new ChainSpec(
            name,
            engine,
            table.time("genesis-time"),
            accounts,
            table.integer("fee-per-byte"),
            table.smallInteger("block-bytes-max"),
            payloads,
            upgrades);
    table.end();
    return spec;
  }

  private static UnmodifiableConfig parsed(String toml) {
    requireLongs(toml);
    try {
      return new TomlParser().parse(toml);
    } catch (ParsingException | NumberFormatException | DateTimeException e) {
      throw new ChainSpecException("chain spec: not TOML: " + e.getMessage());
    } catch (StackOverflowError e) {
      // The parser calls itself for each bracket.
      throw new ChainSpecException("chain spec: not TOML: too many brackets inside each other");
    }
  }

  /// The parser takes an integer past 64 bits modulo 2^64, which would make another chain of a slip
  /// of the pen. So such numbers, and those that are not decimal, are refused beforehand.
  private static void requireLongs(String toml) {
    Matcher numbers = STRING_COMMENT_OR_NUMBER.matcher(toml);
    while (numbers.find()) {
      String number = numbers.group(1);
      if (number != null) {
        try {
          Long.parseLong(number.replace("_", ""));
        } catch (NumberFormatException e) {
          throw new ChainSpecException("chain spec: not a decimal integer of 64 bits: " + number);
        }
      }
    }
  }

  private static EngineParams engine(SpecTable table, EngineProviders engines) {
    String name = table.text("name");
    return switch (name) {
      case SimplexParams.NAME -> simplex(table);
      case PowParams.NAME -> pow(table);
      default ->
          extension(table, engines.named(name).orElseThrow(() -> unknown(name, engines.names())));
    };
  }

  private static ExtensionParams extension(SpecTable table, EngineProvider provider) {
    ExtensionParams params = provider.read(table);
    table.end();
    return params;
  }

  private static ChainSpecException unknown(String name, List<String> others) {
    List<String> known = new ArrayList<>(List.of(SimplexParams.NAME, PowParams.NAME));
    known.addAll(others);
    return new ChainSpecException(
        "chain spec: the engine '"
            + name
            + "' is not known; this program has '"
            + String.join("', '", known)
            + "'");
  }

  private static PowParams pow(SpecTable table) {
    PowParams params =
        new PowParams(
            table.integer("block-interval-ms"),
            table.integer("half-life-ms"),
            table.integer("difficulty"),
            table.integer("least-difficulty"),
            table.smallInteger("finality-depth"));
    table.end();
    return params;
  }

  private static SimplexParams simplex(SpecTable table) {
    List<GenesisValidator> validators = new ArrayList<>();
    for (SpecTable validator : table.tables("validators")) {
      validators.add(
          new GenesisValidator(
              validator.hex("key", 32),
              validator.hex("possession", 64),
              validator.address("account"),
              validator.integer("stake")));
      validator.end();
    }
    long epochBlocks = table.integer("epoch-blocks");
    Optional<StakingParams> staking =
        table.has("staking")
            ? Optional.of(staking(table.table("staking"), epochBlocks))
            : Optional.empty();
    SimplexParams params =
        new SimplexParams(table.integer("longest-silence-ms"), epochBlocks, validators, staking);
    table.end();
    return params;
  }

  private static StakingParams staking(SpecTable table, long epochBlocks) {
    StakingParams params =
        new StakingParams(
            epochBlocks,
            table.integer("stake-min"),
            table.integer("unbonding-ms"),
            table.smallInteger("slash-permille"));
    table.end();
    return params;
  }

  /// A kind of transaction by its name, or by its tag as a number in quotes.
  private static int payload(String kind) {
    if (kind.matches("[0-9]{1,5}")) {
      return Integer.parseInt(kind);
    }
    return TransactionHandlers.named(kind)
        .map(TransactionHandler::tag)
        .orElseThrow(
            () ->
                new ChainSpecException(
                    "chain spec: the chain has '"
                        + kind
                        + "' transactions, which this program lacks"));
  }

  static String write(ChainSpec spec) {
    StringBuilder text = new StringBuilder();
    line(text, "name", quoted(spec.name()));
    line(text, "genesis-time", Instant.ofEpochMilli(spec.genesisTimeMillis()));
    line(text, "fee-per-byte", spec.feePerByte());
    line(text, "block-bytes-max", spec.blockBytesMax());
    List<String> payloads = new ArrayList<>();
    for (int tag : spec.payloads()) {
      payloads.add(
          quoted(TransactionHandlers.find(tag).map(TransactionHandler::name).orElseThrow()));
    }
    line(text, "payloads", payloads);
    switch (spec.engine()) {
      case SimplexParams simplex -> write(text, simplex);
      case PowParams pow -> write(text, pow);
      case ExtensionParams extension -> write(text, extension);
    }
    for (GenesisAccount account : spec.accounts()) {
      text.append("\n[[accounts]]\n");
      line(text, "address", quoted(account.address()));
      line(text, "balance", account.balance());
    }
    for (Upgrade upgrade : spec.upgrades()) {
      text.append("\n[[upgrades]]\n");
      line(text, "fork-version", upgrade.forkVersion());
      line(text, "height", upgrade.height());
    }
    return text.toString();
  }

  private static void write(StringBuilder text, SimplexParams simplex) {
    text.append("\n[engine]\n");
    line(text, "name", quoted(SimplexParams.NAME));
    line(text, "longest-silence-ms", simplex.longestSilenceMillis());
    line(text, "epoch-blocks", simplex.epochBlocks());
    if (simplex.staking().isPresent()) {
      StakingParams staking = simplex.staking().get();
      text.append("\n[engine.staking]\n");
      line(text, "stake-min", staking.stakeMin());
      line(text, "unbonding-ms", staking.unbondingMillis());
      line(text, "slash-permille", staking.slashPermille());
    }
    for (GenesisValidator validator : simplex.validatorList()) {
      text.append("\n[[engine.validators]]\n");
      line(text, "key", quoted(Hex.encode(validator.key().toArrayUnsafe())));
      line(text, "possession", quoted(Hex.encode(validator.possession().toArrayUnsafe())));
      line(text, "account", quoted(validator.account()));
      line(text, "stake", validator.stake());
    }
  }

  private static void write(StringBuilder text, PowParams pow) {
    text.append("\n[engine]\n");
    line(text, "name", quoted(PowParams.NAME));
    line(text, "block-interval-ms", pow.blockIntervalMillis());
    line(text, "half-life-ms", pow.halfLifeMillis());
    line(text, "difficulty", pow.difficulty());
    line(text, "least-difficulty", pow.leastDifficulty());
    line(text, "finality-depth", pow.finalityDepth());
  }

  private static void write(StringBuilder text, ExtensionParams extension) {
    text.append("\n[engine]\n");
    line(text, "name", quoted(extension.name()));
    extension
        .settings()
        .forEach(
            (key, value) ->
                line(
                    text,
                    key,
                    switch (value) {
                      case Long number -> number;
                      case List<?> list -> list.stream().map(ChainSpecText::quoted).toList();
                      default -> quoted(value);
                    }));
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append(" = ").append(value).append('\n');
  }

  private static String quoted(Object value) {
    return "\"" + value + "\"";
  }
}
