package dev.cairn.simulator;

import java.util.List;
import java.util.Optional;

/// What came of one seed.
///
/// @param blocks the height of the highest final block
/// @param traceHash of everything that happened, in hexadecimal
/// @param virtualMillis how long it took, in virtual time
/// @param steps events that happened
/// @param failure what broke
public record SeedResult(
    long seed,
    long blocks,
    FaultCounts faults,
    String traceHash,
    long virtualMillis,
    long steps,
    Optional<Failure> failure) {

  /// @param conflict whether two nodes made different blocks final
  /// @param stalled whether there was no progress
  /// @param kind what was broken, in lower case
  /// @param last the last things that happened, for a person
  public record Failure(
      boolean conflict, boolean stalled, String kind, String what, List<String> last) {
    public Failure {
      last = List.copyOf(last);
    }
  }

  /// This result as a failure of another kind; one that failed already stays as it is.
  SeedResult failedBy(String kind, String what) {
    Failure failed = failure.orElse(new Failure(false, false, kind, what, List.of()));
    return new SeedResult(
        seed, blocks, faults, traceHash, virtualMillis, steps, Optional.of(failed));
  }
}
