package dev.cairn.core.chainspec;

import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import dev.cairn.core.transaction.TransactionHandler;
import dev.cairn.core.transaction.TransactionHandlers;
import dev.cairn.multiformats.Hex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Chain spec files. They are TOML and not JSON because TOML's integers have 64 bits, as balances
/// need, and because people who write such a file by hand want comments and readable times.
final class ChainSpecText {

  private static final int TEXT_CHARS_MAX = 32 * 1024 * 1024;

  private ChainSpecText() {}

  static ChainSpec parse(String toml) {
    if (toml.length() > TEXT_CHARS_MAX) {
      throw new ChainSpecException("chain spec: the file is too large");
    }
    SpecTable table;
    try {
      table = new SpecTable("", new TomlParser().parse(toml));
    } catch (ParsingException e) {
      throw new ChainSpecException("chain spec: not TOML: " + e.getMessage());
    }
    String name = table.text("name");
    EngineParams engine = engine(table.table("engine"));
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

  private static EngineParams engine(SpecTable table) {
    String name = table.text("name");
    if (!name.equals(SimplexParams.NAME)) {
      throw new ChainSpecException(
          "chain spec: the engine '" + name + "' is not known; this program has 'simplex'");
    }
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
    SimplexParams params =
        new SimplexParams(
            table.integer("longest-silence-ms"), table.integer("epoch-blocks"), validators);
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
    for (GenesisValidator validator : simplex.validatorList()) {
      text.append("\n[[engine.validators]]\n");
      line(text, "key", quoted(Hex.encode(validator.key().toArrayUnsafe())));
      line(text, "possession", quoted(Hex.encode(validator.possession().toArrayUnsafe())));
      line(text, "account", quoted(validator.account()));
      line(text, "stake", validator.stake());
    }
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append(" = ").append(value).append('\n');
  }

  private static String quoted(Object value) {
    return "\"" + value + "\"";
  }
}
