package dev.cairn.cli.simulate;

import java.util.OptionalInt;
import picocli.CommandLine.Option;

/// How the network of a simulation treats messages. With none of these each seed draws for itself;
/// with any, there is what is named and nothing else.
final class WeatherOptions {

  @Option(names = "--loss", paramLabel = "P%", description = "Messages lost in a storm.")
  private String loss = "";

  @Option(names = "--delay", paramLabel = "Nms", description = "The longest delay, but for tails.")
  private String delay = "";

  @Option(names = "--duplicate", description = "Messages are doubled.")
  private boolean duplicate;

  @Option(names = "--reorder", description = "Messages overtake one another.")
  private boolean reorder;

  private boolean named() {
    return !loss.isEmpty() || !delay.isEmpty() || duplicate || reorder;
  }

  OptionalInt lossPerMille() {
    if (loss.isEmpty()) {
      return named() ? OptionalInt.of(0) : OptionalInt.empty();
    }
    return OptionalInt.of(Amounts.perMille("--loss", loss));
  }

  OptionalInt delayMicros() {
    return delay.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Amounts.micros("--delay", delay));
  }

  boolean duplicate() {
    return duplicate || !named();
  }

  boolean reorder() {
    return reorder || !named();
  }

  /// The same options again, each after a space.
  String words() {
    return (loss.isEmpty() ? "" : " --loss " + loss)
        + (delay.isEmpty() ? "" : " --delay " + delay)
        + (duplicate ? " --duplicate" : "")
        + (reorder ? " --reorder" : "");
  }
}
