import org.jspecify.annotations.NullMarked;

/// The shape of every state machine, and the thread that drives one.
@NullMarked
module dev.cairn.machine {
  requires static org.jspecify;

  exports dev.cairn.machine;
}
