package dev.cairn.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.send.InboxRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir Path folder;

  private static Settings with(Setting setting, String value) {
    return Settings.of(Map.of(setting, value), "config.toml", Map.of(), Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "512 B, 512",
    "500 MB, 500000000",
    "500mb, 500000000",
    "2 GiB, 2147483648",
    "1kB, 1000",
    "1 KiB, 1024",
    "3 TB, 3000000000000"
  })
  void a_size_has_a_unit(String text, long bytes) {
    assertEquals(bytes, with(Setting.INBOX_QUOTA, text).bytes(Setting.INBOX_QUOTA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5 GB", "GB", "5 parsecs", "5 i", "999999999999999999 TB"})
  void a_size_that_is_none_is_said_to_be_so(String text) {
    Settings settings = with(Setting.INBOX_QUOTA, text);
    ConfigException e =
        assertThrows(ConfigException.class, () -> settings.bytes(Setting.INBOX_QUOTA));
    assertTrue(String.valueOf(e.getMessage()).contains("inbox_quota"));
  }

  @Test
  void a_table_is_the_first_word_of_its_settings() throws IOException {
    Path file = folder.resolve("config.toml");
    Files.writeString(
        file,
        """
        port = 4999

        [inbox]
        accept = "allowed"
        size_max = "1 MB"
        """);
    Map<Setting, String> read = ConfigFile.read(file);
    assertEquals("4999", read.get(Setting.PORT));
    assertEquals("allowed", read.get(Setting.INBOX_ACCEPT));
    assertEquals("1 MB", read.get(Setting.INBOX_SIZE_MAX));
    NodeConfig config =
        NodeConfig.of(folder, Settings.of(read, file.toString(), Map.of(), Map.of()));
    assertEquals(InboxRules.Accept.ALLOWED, config.files().inbox().accept());
    assertEquals(1_000_000, config.files().inbox().sizeMax());
  }

  @Test
  void an_unknown_name_in_a_table_is_an_error() throws IOException {
    Path file = folder.resolve("config.toml");
    Files.writeString(file, "[inbox]\nacept = \"all\"\n");
    ConfigException e = assertThrows(ConfigException.class, () -> ConfigFile.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains("inbox_acept"));
  }

  @Test
  void a_rule_that_is_none_is_an_error() {
    Settings settings = with(Setting.INBOX_ACCEPT, "maybe");
    assertThrows(ConfigException.class, () -> NodeConfig.of(folder, settings));
    Settings peers = with(Setting.INBOX_ALLOW, "nobody");
    assertThrows(ConfigException.class, () -> NodeConfig.of(folder, peers));
  }
}
