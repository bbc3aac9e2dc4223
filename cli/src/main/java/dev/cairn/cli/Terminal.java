package dev.cairn.cli;

import java.io.Console;
import java.util.Optional;

/// The terminal that the command runs on, if it runs on one.
public final class Terminal {

  private Terminal() {}

  // The JDK's own annotations and the null checker disagree on whether it can be null.
  @SuppressWarnings("SystemConsoleNull")
  public static Optional<Console> console() {
    Console console = System.console();
    return console != null && console.isTerminal() ? Optional.of(console) : Optional.empty();
  }
}
