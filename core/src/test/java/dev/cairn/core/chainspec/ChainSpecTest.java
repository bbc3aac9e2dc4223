package dev.cairn.core.chainspec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.state.StateTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainSpecTest {

  private final ChainSpec spec = new TestChain(3).spec();
  private final String text = spec.toText();

  private String refusal(String toml) {
    return assertThrows(ChainSpecException.class, () -> ChainSpec.parse(toml)).toString();
  }

  private String with(String pattern, String replacement) {
    String changed = text.replaceFirst(pattern, replacement);
    assertNotEquals(text, changed, "the pattern is in the text");
    return changed;
  }

  @Test
  void a_file_says_what_the_spec_says() {
    assertEquals(spec, ChainSpec.parse(text));
    assertEquals(spec.chainId(), ChainSpec.parse(text).chainId());
    assertEquals(text, ChainSpec.parse(text).toText());
  }

  @Test
  void comments_layout_and_order_do_not_count() {
    String moved =
        "# a comment\n\n"
            + with("fee-per-byte = 1\n", "")
                .replaceFirst("\n\n", "\nfee-per-byte = 1 # 18446744073709551617\n\n");
    assertEquals(spec.chainId(), ChainSpec.parse(moved).chainId());
  }

  @Test
  void everything_that_is_said_counts() {
    List<String> others =
        List.of(
            with("\"test\"", "\"other\""),
            with("fee-per-byte = 1\n", "fee-per-byte = 2\n"),
            with("2026-01-01", "2026-01-02"),
            with("block-bytes-max = 1000000", "block-bytes-max = 999999"),
            with("\"transfer\", \"put\"", "\"put\""),
            with("longest-silence-ms = 10000", "longest-silence-ms = 10001"),
            with("epoch-blocks = 1000", "epoch-blocks = 1001"),
            with("stake = 1000", "stake = 1001"),
            with("balance = 1000000000000", "balance = 1000000000001"),
            with("height = 1000000", "height = 1000001"));
    List<Object> ids = new ArrayList<>(List.of(spec.chainId()));
    others.forEach(other -> ids.add(ChainSpec.parse(other).chainId()));
    assertEquals(ids.size(), ids.stream().distinct().count());
  }

  @Test
  void the_short_name_is_the_first_of_the_ids_base32() {
    assertTrue(spec.shortName().matches("[a-z2-7]{16}"));
  }

  @Test
  void says_what_is_wrong_with_a_file() {
    assertTrue(refusal("name = ").contains("not TOML"));
    assertTrue(refusal("[[[").contains("not TOML"));
    assertTrue(refusal("name = " + "[".repeat(1 << 20)).contains("brackets"));
    // 2^64 + 1, which a careless parser takes for 1.
    assertTrue(refusal(with("stake = 1000", "stake = 18446744073709551617")).contains("64 bits"));
    assertTrue(refusal(with("stake = 1000", "stake = 9_223_372_036_854_775_808")).contains("64"));
    assertTrue(refusal(with("stake = 1000", "stake = 0x10")).contains("decimal"));
    assertTrue(refusal(with("2026-01-01", "2026-13-01")).contains("TOML"));
    assertTrue(refusal(with("2026-01-01", "1969-12-31")).contains("before 1970"));
    assertTrue(refusal("").contains("'name' is missing"));
    assertTrue(refusal("colour = 1\n" + text).contains("'colour' is not known"));
    assertTrue(refusal(with("stake = 1000", "stack = 1")).contains("'engine.validators[0].stake'"));
    assertTrue(refusal(with("\"simplex\"", "\"luck\"")).contains("the engine 'luck' is not known"));
    assertTrue(refusal(with("\"put\"", "\"mint\"")).contains("'mint' transactions"));
    assertTrue(refusal(with("\"put\"", "\"77\"")).contains("payload tag 77"));
    assertTrue(refusal(with("\"put\"", "\"transfer\"")).contains("listed twice"));
    assertTrue(refusal(with("\"test\"", "\"Test\"")).contains("a-z"));
    assertTrue(refusal(with("fork-version = 1", "fork-version = 2")).contains("fork version 2"));
    assertTrue(refusal(with("address = \"cairn1.", "address = \"cairn1b")).contains("address"));
    assertTrue(
        refusal(with("2026-01-01T00:00:00Z", "5")).contains("'genesis-time' must be a time"));
    assertTrue(refusal(with("key = \"..", "key = \"zz")).contains("hexadecimal"));
    assertTrue(refusal(with("key = \"..", "key = \"")).contains("has 31 bytes"));
    assertTrue(
        refusal(with("possession = \"........", "possession = \"00000000")).contains("proof"));
    assertTrue(refusal(with("stake = 1000", "stake = 0")).contains("at least 1"));
  }

  @Test
  void numbers_have_limits_and_these_are_the_last_good_ones() {
    ChainSpec.parse(with("block-bytes-max = 1000000", "block-bytes-max = 131072"));
    refusal(with("block-bytes-max = 1000000", "block-bytes-max = 131071"));
    refusal(with("block-bytes-max = 1000000", "block-bytes-max = 1000001"));
    ChainSpec.parse(with("fee-per-byte = 1\n", "fee-per-byte = 1000000000000\n"));
    refusal(with("fee-per-byte = 1\n", "fee-per-byte = 1000000000001\n"));
    refusal(with("fee-per-byte = 1\n", "fee-per-byte = -1\n"));
    ChainSpec.parse(with("stake = 1000", "stake = " + SimplexParams.STAKE_MAX));
    refusal(with("stake = 1000", "stake = " + (SimplexParams.STAKE_MAX + 1)));
    long rest = Long.MAX_VALUE - 1000 - 2 * TestChain.FUNDS;
    ChainSpec.parse(with("balance = 1000000000000", "balance = " + rest));
    assertTrue(
        refusal(with("balance = 1000000000000", "balance = " + (rest + 1))).contains("2^63"));
  }

  @Test
  void fork_versions_start_at_their_heights() {
    assertEquals(0, spec.forkVersion(999_999));
    assertEquals(1, spec.forkVersion(1_000_000));
    assertEquals(spec.chainId(), spec.domainAt(7).chainId());
  }

  @Test
  void genesis_has_the_state_of_the_spec_and_nothing_else() {
    Block genesis = spec.genesis();
    assertEquals(0, genesis.height());
    assertTrue(genesis.parent().isEmpty() && genesis.header().seal().isEmpty());
    assertTrue(genesis.transactions().isEmpty());
    assertEquals(StateTree.of(spec.genesisState()).root(), genesis.header().fields().stateRoot());
    assertEquals(3 + 2, spec.genesisState().size());
  }

  @Test
  void validators_are_listed_once_and_at_most_256() {
    Address account = Address.of(TestChain.key(1).publicKey());
    List<GenesisValidator> many = new ArrayList<>();
    for (int i = 0; i < SimplexParams.VALIDATORS_MAX; i++) {
      many.add(GenesisValidator.of(TestChain.key(1000 + i), account, 1));
    }
    assertEquals(256, new SimplexParams(1, 1, many).validators().size());
    List<GenesisValidator> more = new ArrayList<>(many);
    more.add(GenesisValidator.of(TestChain.key(999), account, 1));
    assertThrows(ChainSpecException.class, () -> new SimplexParams(1, 1, more));
    assertThrows(ChainSpecException.class, () -> new SimplexParams(1, 1, List.of()));
    List<GenesisValidator> twice = List.of(many.getFirst(), many.getFirst());
    assertThrows(ChainSpecException.class, () -> new SimplexParams(1, 1, twice));
  }
}
