package dev.cairn.libp2p.kad;

import dev.cairn.machine.Now;
import java.util.function.Consumer;

/// The time of one step and where its effects go.
record Step(Now now, Consumer<? super KadEffect> out) {

  long nanos() {
    return now.nanos();
  }

  void emit(KadEffect effect) {
    out.accept(effect);
  }
}
