package dev.cairn.core.consensus.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.TestChain;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ChainSpecException;
import dev.cairn.core.consensus.EngineProviders;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// An engine that is not part of the program, named by a chain spec.
class AuthoritySpecTest {

  private static final EngineProviders ENGINES =
      EngineProviders.of(List.of(new AuthorityProvider()));

  private static final ChainSpec SPEC =
      new TestChain(
              2, new AuthorityParams(5_000, List.of(Bytes.wrap(TestChain.key(9).publicKey()))))
          .spec();

  private static String refusal(String toml, EngineProviders engines) {
    return String.valueOf(
        assertThrows(ChainSpecException.class, () -> ChainSpec.parse(toml, engines)).getMessage());
  }

  @Test
  void a_chain_spec_that_names_it_is_read_and_written_again() {
    ChainSpec read = ChainSpec.parse(SPEC.toText(), ENGINES);
    assertEquals(SPEC, read);
    assertEquals(SPEC.chainId(), read.chainId());
    assertEquals("authority", read.engine().name());
  }

  @Test
  void without_it_the_program_says_which_engines_it_has() {
    String none = refusal(SPEC.toText(), EngineProviders.installed());
    assertTrue(
        none.contains("'authority' is not known") && none.contains("'simplex', 'pow'"), none);
    String other = refusal(SPEC.toText().replace("\"authority\"", "\"luck\""), ENGINES);
    assertTrue(other.contains("'luck'") && other.contains("'pow', 'authority'"), other);
  }

  @Test
  void its_parameters_are_checked_like_those_of_any_engine() {
    String toml = SPEC.toText();
    assertTrue(
        refusal(toml.replace("longest-silence-ms", "longest-silence"), ENGINES)
            .contains("'engine.longest-silence-ms' is missing"));
    assertTrue(
        refusal(toml.replace("[engine]", "[engine]\nweight = 3"), ENGINES)
            .contains("'engine.weight' is not known"));
    assertTrue(
        refusal(toml.replaceAll("authorities = .*", "authorities = []"), ENGINES)
            .contains("one or more"));
  }

  @Test
  void two_engines_of_one_name_are_refused() {
    assertThrows(
        IllegalStateException.class,
        () -> EngineProviders.of(List.of(new AuthorityProvider(), new AuthorityProvider())));
  }
}
