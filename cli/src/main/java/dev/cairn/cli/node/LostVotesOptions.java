package dev.cairn.cli.node;

import dev.cairn.cli.CliException;
import dev.cairn.node.LostVotes;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// How a validator goes on whose record of its votes is lost.
public final class LostVotesOptions {

  private static final Pattern PLACE = Pattern.compile("(\\d{1,15}):(\\d{1,15})");
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})([smh])");

  @Option(
      names = "--votes-lost-after",
      paramLabel = "EPOCH:SLOT",
      description = {
        "For a validator whose votes are lost: it votes only above this slot. Take one",
        "well above what 'cairn consensus' shows at another node, or it may vote twice."
      })
  private String place = "";

  @Option(
      names = "--listen-for",
      paramLabel = "TIME",
      description = "With it: how long to listen before voting, such as 30s, 10m or 2h.")
  private String time = "";

  Optional<LostVotes> votes() {
    if (place.isEmpty() && time.isEmpty()) {
      return Optional.empty();
    }
    Matcher at = PLACE.matcher(place);
    Matcher listen = TIME.matcher(time);
    if (!at.matches() || !listen.matches()) {
      throw CliException.usage(
          "a validator that lost its votes needs both --votes-lost-after EPOCH:SLOT, such as"
              + " 0:1200, and --listen-for TIME, such as 10m");
    }
    long count = Long.parseLong(listen.group(1));
    Duration duration =
        switch (listen.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          default -> Duration.ofHours(count);
        };
    return Optional.of(
        new LostVotes(Long.parseLong(at.group(1)), Long.parseLong(at.group(2)), duration));
  }
}
