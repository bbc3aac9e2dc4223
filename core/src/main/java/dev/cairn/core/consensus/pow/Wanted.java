package dev.cairn.core.consensus.pow;

import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Blocks that are asked for one by one: the heads that peers claim, and missing parents. Each is
/// asked first of the peer that showed it to be needed, then of anyone, with growing pauses.
///
/// Owner: the engine.
final class Wanted {

  static final int BLOCKS_MAX = 128;

  /// A head that nobody sends after so many times of asking is forgotten.
  private static final int HEAD_ATTEMPTS_MAX = 3;

  private static final long PAUSE_NANOS_MIN = 300_000_000L;
  private static final long PAUSE_NANOS_MAX = 5_000_000_000L;

  private record Want(String peer, boolean head, int attempts, long atNanos) {}

  private final Map<Cid, Want> wants = new LinkedHashMap<>();

  boolean has(Cid block) {
    return wants.containsKey(block);
  }

  void got(Cid block) {
    wants.remove(block);
  }

  /// Asks for a block that a peer says is its head.
  void head(Cid block, String peer, Now now) {
    if (wants.size() < BLOCKS_MAX) {
      wants.putIfAbsent(block, new Want(peer, true, 0, now.nanos()));
    }
  }

  /// Takes what is missing now; what was missing and is not any more is forgotten.
  void parents(List<Parked.Missing> missing, Now now) {
    wants
        .entrySet()
        .removeIf(
            e ->
                !e.getValue().head()
                    && missing.stream().noneMatch(m -> m.block().equals(e.getKey())));
    for (Parked.Missing m : missing) {
      if (wants.size() < BLOCKS_MAX) {
        wants.putIfAbsent(m.block(), new Want(m.peer(), false, 0, now.nanos()));
      }
    }
  }

  /// Asks for what is due.
  void ask(Now now, Consumer<? super EngineEffect> out) {
    wants
        .values()
        .removeIf(w -> w.head() && w.attempts() >= HEAD_ATTEMPTS_MAX && w.atNanos() <= now.nanos());
    wants.replaceAll(
        (id, want) -> {
          if (want.atNanos() > now.nanos()) {
            return want;
          }
          out.accept(new EngineEffect.RequestBlock(id, want.attempts() == 0 ? want.peer() : ""));
          long pause = Math.min(PAUSE_NANOS_MIN << Math.min(want.attempts(), 8), PAUSE_NANOS_MAX);
          return new Want(want.peer(), want.head(), want.attempts() + 1, now.nanos() + pause);
        });
  }

  long deadlineNanos() {
    long deadline = Long.MAX_VALUE;
    for (Want want : wants.values()) {
      deadline = Math.min(deadline, want.atNanos());
    }
    return deadline;
  }
}
