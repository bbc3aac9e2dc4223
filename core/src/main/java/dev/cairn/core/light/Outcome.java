package dev.cairn.core.light;

import java.util.function.Function;

/// What came of checking a claim.
///
/// @param <T> what is known once it is proved
public sealed interface Outcome<T> {

  /// It follows from what is trusted.
  record Proved<T>(T value) implements Outcome<T> {}

  /// What was handed over does not prove the claim: whoever made it up lies or is broken.
  record Refuted<T>(String reason) implements Outcome<T> {}

  /// It cannot be told from here, whoever is asked: the reason says what it would take.
  record Undecided<T>(String reason) implements Outcome<T> {}

  /// Goes on with what was proved.
  default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
    return switch (this) {
      case Proved<T>(T value) -> next.apply(value);
      case Refuted<T>(String reason) -> new Refuted<>(reason);
      case Undecided<T>(String reason) -> new Undecided<>(reason);
    };
  }
}
