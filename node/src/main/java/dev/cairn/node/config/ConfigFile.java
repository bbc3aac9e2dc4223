package dev.cairn.node.config;

import com.electronwill.nightconfig.core.Config;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Reads `config.toml`: names, each a setting; an unknown one is an error, since a misspelt setting
/// that is passed over is worse. A table's name is the first word of the names in it: `accept`
/// below `[inbox]` is `inbox_accept`.
public final class ConfigFile {

  /// Bytes; a file that sets everything has about 2,000.
  static final long FILE_BYTES_MAX = 65_536;

  private ConfigFile() {}

  /// The settings of the file; none when there is no such file.
  public static Map<Setting, String> read(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new ConfigException(file + " is longer than " + FILE_BYTES_MAX + " bytes");
      }
      Map<Setting, String> values = new EnumMap<>(Setting.class);
      parse(file, "", new TomlParser().parse(Files.readString(file)), values);
      return values;
    } catch (ParsingException e) {
      throw new ConfigException(file + " is not TOML: " + e.getMessage());
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file + ": " + e.getMessage());
    }
  }

  private static void parse(Path file, String prefix, Config toml, Map<Setting, String> values) {
    for (Config.Entry entry : toml.entrySet()) {
      String key = prefix + entry.getKey();
      if (prefix.isEmpty() && entry.getValue() instanceof Config table) {
        parse(file, key + "_", table, values);
        continue;
      }
      Setting setting =
          Setting.byKey(key)
              .orElseThrow(
                  () ->
                      new ConfigException(
                          file
                              + " sets '"
                              + key
                              + "', which is no setting; `cairn config` lists them"));
      values.put(setting, text(file, key, entry.getValue()));
    }
  }

  private static String text(Path file, String key, Object value) {
    return switch (value) {
      case String text -> text;
      case Long number -> Long.toString(number);
      case Boolean flag -> Boolean.toString(flag);
      case Integer number -> Integer.toString(number);
      case List<?> items ->
          items.stream().map(item -> text(file, key, item)).collect(Collectors.joining(","));
      default ->
          throw new ConfigException(
              file + ": '" + key + "' must be text, a whole number, true, false or a list of text");
    };
  }
}
