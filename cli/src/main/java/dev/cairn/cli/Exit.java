package dev.cairn.cli;

/// What the command's exit code says (README, "Exit codes").
public enum Exit {
  DONE(0),
  /// Failed here: a port in use, a folder locked, a store damaged.
  FAILED(1),
  USAGE(2),
  /// Refused by the chain's rules.
  REFUSED(3),
  /// No node answers.
  NO_NODE(4),
  NOT_FOUND(5),
  TIMED_OUT(6),
  /// Something that cannot happen did.
  BUG(70);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
