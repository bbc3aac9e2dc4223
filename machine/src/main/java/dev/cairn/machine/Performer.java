package dev.cairn.machine;

import java.util.List;

/// Carries out what a machine asked for.
@FunctionalInterface
public interface Performer<E> {

  /// Performs the effects of one or more steps, in order. One call may cover many steps, so that
  /// what they persist shares one sync. Runs on the driver's thread; it must never block on another
  /// driver's mailbox.
  void perform(List<E> effects);
}
