package dev.cairn.node.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The value of each setting and where it came from. Immutable.
public final class Settings {

  private static final Pattern BYTES =
      Pattern.compile("(\\d{1,18})\\s*([kmgt]i?b|b|)", Pattern.CASE_INSENSITIVE);

  /// Where a value came from; a later one stands above an earlier one.
  public enum Source {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    FLAG
  }

  /// @param origin what to show a person: the file's path, the variable's or the flag's name
  public record Value(String text, Source source, String origin) {}

  private final Map<Setting, Value> values;

  private Settings(Map<Setting, Value> values) {
    this.values = values;
  }

  /// @param file what `config.toml` says
  /// @param fileName its path, for messages
  public static Settings of(
      Map<Setting, String> file,
      String fileName,
      Map<String, String> environment,
      Map<Setting, String> flags) {
    Map<Setting, Value> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      values.put(setting, new Value(setting.fallback(), Source.DEFAULT, "default"));
      Optional.ofNullable(file.get(setting))
          .ifPresent(v -> values.put(setting, new Value(v, Source.FILE, fileName)));
      Optional.ofNullable(environment.get(setting.environment()))
          .ifPresent(
              v -> values.put(setting, new Value(v, Source.ENVIRONMENT, setting.environment())));
      Optional.ofNullable(flags.get(setting))
          .ifPresent(v -> values.put(setting, new Value(v, Source.FLAG, setting.flag())));
    }
    return new Settings(values);
  }

  public Value value(Setting setting) {
    return Optional.ofNullable(values.get(setting)).orElseThrow();
  }

  public String text(Setting setting) {
    return value(setting).text();
  }

  public List<String> list(Setting setting) {
    return Stream.of(text(setting).split(",", -1))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  public int number(Setting setting, int min, int max) {
    try {
      int number = Integer.parseInt(text(setting).strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with the bounds.
    }
    throw fault(setting, "must be a whole number from " + min + " to " + max);
  }

  /// A length in bytes: a whole number, alone or with a unit (B, kB, MB, GB, TB, or KiB, MiB, GiB,
  /// TiB).
  public long bytes(Setting setting) {
    Matcher matcher = BYTES.matcher(text(setting).strip());
    if (matcher.matches()) {
      String unit = matcher.group(2).toLowerCase(Locale.ROOT);
      long factor = 1;
      int steps = unit.isEmpty() ? 0 : "bkmgt".indexOf(unit.charAt(0));
      for (int i = 0; i < steps; i++) {
        factor *= unit.contains("i") ? 1_024 : 1_000;
      }
      try {
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
      } catch (ArithmeticException | NumberFormatException e) {
        // Too large for a disk, and said below.
      }
    }
    throw fault(setting, "must be a size such as 500 MB or 2 GiB");
  }

  public boolean flag(Setting setting) {
    return switch (text(setting)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw fault(setting, "must be true or false");
    };
  }

  public ConfigException fault(Setting setting, String should) {
    Value value = value(setting);
    return new ConfigException(
        setting.key() + " = '" + value.text() + "' (from " + value.origin() + ") " + should);
  }
}
