package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Blocks that are needed and not here: each is awaited for a moment, since it is usually on its
/// way, and then asked for, first of the peer that showed it to be needed, then of anyone.
///
/// Owner: the engine.
final class Fetches {

  /// Blocks asked for at once.
  static final int FETCHES_MAX = 64;

  private record Fetch(String peer, int attempt, long atNanos) {}

  private final SimplexTiming timing;
  private final Map<Cid, Fetch> fetches = new LinkedHashMap<>();

  Fetches(SimplexTiming timing) {
    this.timing = timing;
  }

  int size() {
    return fetches.size();
  }

  /// Whether this block was needed when it was last looked at.
  boolean wants(Cid block) {
    return fetches.containsKey(block);
  }

  /// Takes what is missing now; the rest is forgotten.
  void update(List<BlockTree.Missing> missing, Now now) {
    fetches.keySet().removeIf(id -> missing.stream().noneMatch(m -> m.block().equals(id)));
    for (BlockTree.Missing m : missing) {
      if (fetches.size() < FETCHES_MAX) {
        fetches.putIfAbsent(m.block(), new Fetch(m.peer(), 0, now.nanos() + timing.fetchNanos(0)));
      }
    }
  }

  void tick(Now now, Consumer<? super EngineEffect> out) {
    fetches.replaceAll(
        (id, fetch) -> {
          if (fetch.atNanos > now.nanos()) {
            return fetch;
          }
          out.accept(new EngineEffect.RequestBlock(id, fetch.attempt == 0 ? fetch.peer : ""));
          int attempt = fetch.attempt + 1;
          return new Fetch(fetch.peer, attempt, now.nanos() + timing.fetchNanos(attempt));
        });
  }

  long deadlineNanos() {
    long deadline = Long.MAX_VALUE;
    for (Fetch fetch : fetches.values()) {
      deadline = Math.min(deadline, fetch.atNanos);
    }
    return deadline;
  }
}
