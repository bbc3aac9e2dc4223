package dev.cairn.simulator;

/// Something happened that must never happen. Ends the seed.
final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// What was broken.
  enum Kind {
    /// Two nodes made different blocks of one height final.
    CONFLICT,
    /// A final block is against the rules, or its certificate proves nothing.
    INVALID,
    /// A node lacks a block that it had made final.
    LOST,
    /// A node holds more than its limits allow.
    MEMORY,
    /// No progress within the bound after all faults ended.
    STALLED,
    /// An honest node was accused, or blamed for what it sent.
    SLANDER,
    /// A machine broke: an exception came out of it.
    BROKEN
  }

  private final Kind kind;

  Violation(Kind kind, String what) {
    super(what);
    this.kind = kind;
  }

  Violation(Kind kind, String what, Throwable cause) {
    super(what, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
