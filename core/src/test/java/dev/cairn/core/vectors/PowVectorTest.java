package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.core.Target;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ChainSpecException;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.consensus.pow.PowRules;
import dev.cairn.core.consensus.pow.PowSamples;
import jakarta.json.JsonObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowVectorTest {

  private static final VectorFile FILE = new VectorFile("pow.json");

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(
        object(
            "specs", specs(),
            "refusedSpecs", refusedSpecs(),
            "difficulties", difficulties(),
            "refusedTargets", refusedTargets(),
            "targets", targets(),
            "chain", chain()));
  }

  @Test
  void the_vectors_hold() {
    for (JsonObject vector : FILE.list("specs")) {
      ChainSpec spec = ChainSpec.parse(vector.getString("toml"));
      assertEquals(vector.getString("canonical"), hex(spec.encode()));
      assertEquals(vector.getString("genesis"), spec.genesis().id().toString());
    }
    for (JsonObject vector : FILE.list("refusedSpecs")) {
      assertThrows(
          ChainSpecException.class,
          () -> ChainSpec.parse(vector.getString("toml")),
          vector.getString("why"));
    }
  }

  private static ChainSpec spec() {
    return spec(new PowParams(10_000, 60_000, 1_000, 16, 32));
  }

  private static ChainSpec spec(PowParams params) {
    return new ChainSpec(
        "work",
        params,
        TestChain.GENESIS_TIME,
        List.of(new GenesisAccount(new TestChain(1).address(0), TestChain.FUNDS)),
        1,
        1_000_000,
        List.of(1, 2, 3),
        List.of());
  }

  private static List<Object> specs() {
    List<Object> vectors = new ArrayList<>();
    for (ChainSpec spec : List.of(spec(), spec(new PowParams(600_000, 1L << 40, 1L << 62, 2, 1)))) {
      vectors.add(
          object(
              "toml", spec.toText(),
              "canonical", hex(spec.encode()),
              "chainId", spec.chainId().toString(),
              "genesis", spec.genesis().id().toString(),
              "header", hex(spec.genesis().headerBytes())));
    }
    return vectors;
  }

  private static List<Object> refusedSpecs() {
    String text = spec().toText();
    List<Object> vectors = new ArrayList<>();
    for (String[] change :
        new String[][] {
          {"block-interval-ms = 10000", "block-interval-ms = 9", "an interval below 10 ms"},
          {"half-life-ms = 60000", "half-life-ms = 9999", "a half-life below the interval"},
          {"least-difficulty = 16", "least-difficulty = 1", "a difficulty below 2"},
          {"least-difficulty = 16", "least-difficulty = 1001", "a least above the first"},
          {"finality-depth = 32", "finality-depth = 0", "no depth"},
          {"finality-depth = 32", "finality-depth = 41", "more than 40 MB that are not final"},
          {"finality-depth = 32", "finality-depth = 32\nx = 1", "a key that is not known"},
          {"finality-depth = 32\n", "", "a key that is missing"}
        }) {
      vectors.add(object("toml", text.replace(change[0], change[1]), "why", change[2]));
    }
    return vectors;
  }

  private static List<Object> difficulties() {
    List<Object> vectors = new ArrayList<>();
    for (long hashes : new long[] {2, 3, 16, 1_000, 1_000_000, 1L << 32, 1L << 62}) {
      Target target = Target.ofDifficulty(hashes);
      vectors.add(
          object(
              "difficulty", Long.toString(hashes),
              "compact", target.compact(),
              "target", target.limit().toString(),
              "work", target.work().toString()));
    }
    return vectors;
  }

  private static List<Object> refusedTargets() {
    List<Object> vectors = new ArrayList<>();
    vectors.add(object("compact", 0L, "why", "nothing meets a target of 0 but 0"));
    vectors.add(object("compact", 0x1d8000ffL, "why", "a mantissa of 2^23 or more"));
    vectors.add(object("compact", 0x1e0000ffL, "why", "not the shortest length"));
    vectors.add(object("compact", 0x21008000L, "why", "easier than 0x207fffff"));
    vectors.add(object("compact", 0x02000100L, "why", "another form of 1"));
    return vectors;
  }

  /// The target after a block of this height and time since genesis.
  private static List<Object> targets() {
    PowRules rules = PowRules.of(spec());
    List<Object> vectors = new ArrayList<>();
    for (long[] parent :
        new long[][] {
          {0, 0},
          {1, 10_000},
          {1, 0},
          {7, 1},
          {1, 70_000},
          {10, 100_001},
          {10, 99_999},
          {100, 2_000_000},
          {1_000_000, 0},
          {0, 1L << 50}
        }) {
      vectors.add(
          object(
              "height",
              parent[0],
              "time",
              TestChain.GENESIS_TIME + parent[1],
              "target",
              rules.target(parent[0], TestChain.GENESIS_TIME + parent[1]).compact()));
    }
    return vectors;
  }

  private static Object chain() {
    List<Object> blocks = new ArrayList<>();
    BigInteger work = BigInteger.ZERO;
    List<Block> chain = PowSamples.chain(spec(), 10_000, 1_000, 30_000, -5_000);
    for (Block block : chain) {
      Target target = PowRules.of(spec()).puzzle(block.header()).target();
      work = work.add(target.work());
      blocks.add(
          object(
              "header", hex(block.headerBytes()),
              "id", block.id().toString(),
              "challenge", PowSamples.challenge(spec(), block).toString(),
              "work", work.toString()));
    }
    Block unworked = PowSamples.unworked(spec(), chain.getFirst());
    return object(
        "toml", spec().toText(),
        "blocks", blocks,
        "refused",
            List.of(
                object(
                    "header",
                    hex(unworked.headerBytes()),
                    "why",
                    "its nonce does not do the work")));
  }
}
