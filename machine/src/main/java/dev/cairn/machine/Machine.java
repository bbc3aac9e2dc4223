package dev.cairn.machine;

import java.util.function.Consumer;

/// A protocol as a plain class: no threads, sockets, clocks, locks or randomness of its own.
///
/// Inputs and effects are sealed interfaces of records. The same inputs at the same times give the
/// same effects in the same order, always: a machine iterates only sorted or insertion-ordered
/// collections, and its seed is a constructor argument. An effect that persists something comes
/// before the effect that sends what relies on it.
///
/// Owner: the one thread (or simulator) that calls it.
public interface Machine<I, E> {

  /// Takes one input and hands out the effects, in order.
  void step(I input, Now now, Consumer<? super E> out);

  /// Does what is due at `now`. Harmless when called early or more than once.
  void tick(Now now, Consumer<? super E> out);

  /// The monotonic time at which [#tick] must be called even with no input; [Long#MAX_VALUE] for
  /// never. It is read again after every step.
  long deadlineNanos();
}
