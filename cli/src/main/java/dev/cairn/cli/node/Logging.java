package dev.cairn.cli.node;

import dev.cairn.cli.CliException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Sends the log to standard error, in one line an event.
final class Logging {

  private static final Map<String, Level> LEVELS =
      Map.of(
          "error", Level.SEVERE,
          "warn", Level.WARNING,
          "info", Level.INFO,
          "debug", Level.FINE,
          "trace", Level.FINER);

  /// Kept here, since the JDK forgets loggers that nobody holds, with their levels.
  private static final Logger CAIRN = Logger.getLogger("dev.cairn");

  private static final Logger ROOT = Logger.getLogger("");

  /// It logs with a stack trace what the node itself says in a sentence.
  private static final Logger HTTP = Logger.getLogger("io.helidon.webserver.LoomServer");

  private Logging() {}

  static void start(String name) {
    Level level = LEVELS.get(name);
    if (level == null) {
      throw CliException.usage(
          "the log level is one of error, warn, info, debug, trace, not " + name);
    }
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setLevel(Level.ALL);
    console.setFormatter(new Line());
    ROOT.addHandler(console);
    ROOT.setLevel(Level.WARNING);
    HTTP.setLevel(Level.OFF);
    CAIRN.setLevel(level);
  }

  /// `2026-01-01T00:00:00.000Z INFO Node: message`.
  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord entry) {
      StringBuilder line = new StringBuilder(128);
      line.append(entry.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
      line.append("%-5s ".formatted(word(entry.getLevel())));
      String logger = String.valueOf(entry.getLoggerName());
      line.append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ");
      line.append(formatMessage(entry)).append('\n');
      if (entry.getThrown() != null) {
        StringWriter trace = new StringWriter();
        entry.getThrown().printStackTrace(new PrintWriter(trace));
        line.append(trace);
      }
      return line.toString();
    }

    private static String word(Level level) {
      int value = level.intValue();
      if (value >= Level.SEVERE.intValue()) {
        return "ERROR";
      }
      if (value >= Level.WARNING.intValue()) {
        return "WARN";
      }
      return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }
  }
}
