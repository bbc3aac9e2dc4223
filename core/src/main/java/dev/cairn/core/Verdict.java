package dev.cairn.core;

/// What a part of the chain thinks of something that came from outside.
public sealed interface Verdict {

  /// Valid: take it and pass it on.
  record Accept() implements Verdict {}

  /// Nothing that the sender is to blame for (stale, too early, no room): neither kept nor passed
  /// on.
  ///
  /// @param reason a sentence for a person
  record Ignore(String reason) implements Verdict {}

  /// Against the rules whatever the state: the sender is to blame.
  ///
  /// @param reason a sentence for a person
  record Reject(String reason) implements Verdict {}

  static Verdict accept() {
    return new Accept();
  }

  static Verdict ignore(String reason) {
    return new Ignore(reason);
  }

  static Verdict reject(String reason) {
    return new Reject(reason);
  }

  default boolean accepted() {
    return this instanceof Accept;
  }
}
