package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ChainSpecException;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.staking.StakeChain;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChainSpecVectorTest {

  private static final VectorFile FILE = new VectorFile("chainspec.json");

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(object("valid", valid(), "invalid", invalid()));
  }

  @Test
  void the_vectors_hold() {
    for (JsonObject vector : FILE.list("valid")) {
      ChainSpec spec = ChainSpec.parse(vector.getString("toml"));
      assertEquals(vector.getString("canonical"), hex(spec.encode()));
      assertEquals(
          vector.getJsonObject("genesis").getString("block"), spec.genesis().id().toString());
    }
    for (JsonObject vector : FILE.list("invalid")) {
      assertThrows(
          ChainSpecException.class,
          () -> ChainSpec.parse(vector.getString("toml")),
          vector.getString("why"));
    }
  }

  static List<ChainSpec> specs() {
    ChainSpec test = new TestChain(2).spec();
    GenesisAccount all = new GenesisAccount(new TestChain(1).address(0), Long.MAX_VALUE - 11);
    List<GenesisValidator> validators = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      validators.add(
          GenesisValidator.of(TestChain.key(210 + i), new TestChain(4).address(i), 1 + i));
    }
    ChainSpec four =
        new ChainSpec(
            "four",
            new SimplexParams(5_000, 100_000, validators),
            TestChain.GENESIS_TIME + 123,
            List.of(all),
            0,
            500_000,
            List.of(1),
            List.of());
    return List.of(test, four, new StakeChain(3).spec);
  }

  private static List<Object> valid() {
    List<Object> vectors = new ArrayList<>();
    for (ChainSpec spec : specs()) {
      vectors.add(
          object(
              "toml", spec.toText(),
              "canonical", hex(spec.encode()),
              "chainId", spec.chainId().toString(),
              "name", spec.shortName(),
              "genesis", genesis(spec)));
    }
    return vectors;
  }

  private static Map<String, Object> genesis(ChainSpec spec) {
    Block genesis = spec.genesis();
    List<Object> state = new ArrayList<>();
    spec.genesisState().forEach((k, v) -> state.add(object("key", k.toString(), "value", hex(v))));
    return object(
        "block", genesis.id().toString(),
        "header", hex(genesis.headerBytes()),
        "body", hex(genesis.bodyBytes()),
        "txRoot", genesis.header().fields().txRoot().toString(),
        "stateRoot", genesis.header().fields().stateRoot().toString(),
        "consensus", hex(genesis.header().consensus()),
        "state", state);
  }

  private static List<Object> invalid() {
    String text = specs().getFirst().toText();
    List<Object> vectors = new ArrayList<>();
    refuse(vectors, text, "\"simplex\"", "\"unknown\"", "an engine that is not known");
    refuse(vectors, text, "\"put\"", "\"mint\"", "a kind of transaction that is not known");
    refuse(vectors, text, "fee-per-byte", "fee-per-kilobyte", "a key that is not known");
    refuse(vectors, text, "stake = 1000", "stake = 0", "a stake of nothing");
    refuse(vectors, text, "block-bytes-max = 1000000", "block-bytes-max = 1000001", "too much");
    String staking = specs().getLast().toText();
    refuse(vectors, staking, "stake-min = 1000", "stake-min = 10001", "less than the least stake");
    refuse(vectors, staking, "permille = 100", "permille = 1001", "more than all to lose");
    refuse(vectors, staking, "\"stake\", \"unstake\", \"evidence\"", "\"put\"", "idle rules");
    refuse(vectors, text, "\"put\"", "\"put\", \"stake\"", "stake without rules");
    refuse(
        vectors,
        text,
        "balance = 1000000000000",
        "balance = 9223372036854775807",
        "a supply of 2^63 or more");
    return vectors;
  }

  private static void refuse(
      List<Object> vectors, String text, String what, String by, String why) {
    int at = text.indexOf(what);
    String changed = text.substring(0, at) + by + text.substring(at + what.length());
    vectors.add(object("toml", changed, "why", why));
  }
}
