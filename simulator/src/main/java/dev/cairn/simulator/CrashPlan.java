package dev.cairn.simulator;

/// Whether and where in its list of effects a node is to crash.
///
/// Owner: its [SimNode].
final class CrashPlan {

  private static final int NEVER = Integer.MAX_VALUE;

  private int effectsLeft = NEVER;
  private boolean atPersist;

  /// Crashes between two effects, so many from now.
  void afterEffects(int count) {
    effectsLeft = count;
  }

  /// Crashes when it has next written to its vote log, and not yet synced.
  void atPersist() {
    atPersist = true;
  }

  void cancel() {
    effectsLeft = NEVER;
    atPersist = false;
  }

  /// Asked before each effect.
  boolean dueBeforeEffect() {
    return effectsLeft != NEVER && --effectsLeft < 0;
  }

  boolean dueAfterPersist() {
    return atPersist;
  }
}
