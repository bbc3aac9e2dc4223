package dev.cairn.cli.simulate;

import dev.cairn.cli.CliException;
import dev.cairn.simulator.Campaign;
import dev.cairn.simulator.Scenario;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words in which the options of a simulation are said.
final class Amounts {

  /// Seeds, the first and the last.
  record Range(long from, long to) {
    Campaign.Plan plan(Scenario scenario, int threads, boolean twice) {
      try {
        return new Campaign.Plan(scenario, from, to, threads, twice);
      } catch (IllegalArgumentException e) {
        throw CliException.usage(String.valueOf(e.getMessage()));
      }
    }
  }

  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})(?:\\.(\\d))?%");
  private static final Pattern MILLIS = Pattern.compile("(\\d{1,6})ms");

  private static final int DELAY_MILLIS_MAX = 10_000;

  private Amounts() {}

  static Range seeds(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches() || Long.parseLong(range.group(1)) > Long.parseLong(range.group(2))) {
      throw CliException.usage("--seeds takes a range such as 1..1000, not '" + text + "'");
    }
    return new Range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
  }

  /// @return of a thousand
  static int perMille(String option, String text) {
    Matcher percent = PERCENT.matcher(text);
    if (percent.matches()) {
      int tenths = percent.group(2) == null ? 0 : Integer.parseInt(percent.group(2));
      int perMille = 10 * Integer.parseInt(percent.group(1)) + tenths;
      if (perMille < 1000) {
        return perMille;
      }
    }
    throw CliException.usage(option + " takes 0% to 99.9%, such as 20%, not '" + text + "'");
  }

  /// @return microseconds
  static int micros(String option, String text) {
    Matcher millis = MILLIS.matcher(text);
    if (millis.matches()) {
      int value = Integer.parseInt(millis.group(1));
      if (value >= 1 && value <= DELAY_MILLIS_MAX) {
        return 1_000 * value;
      }
    }
    throw CliException.usage(
        option + " takes 1ms to " + DELAY_MILLIS_MAX + "ms, such as 100ms, not '" + text + "'");
  }
}
