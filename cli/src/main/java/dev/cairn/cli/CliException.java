package dev.cairn.cli;

/// Ends the command with one sentence for a person and an exit code.
public final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Exit exit;

  public CliException(Exit exit, String message) {
    super(message, null, false, false);
    this.exit = exit;
  }

  public static CliException failed(String message) {
    return new CliException(Exit.FAILED, message);
  }

  public static CliException usage(String message) {
    return new CliException(Exit.USAGE, message);
  }

  public Exit exit() {
    return exit;
  }
}
