package dev.cairn.core.consensus.pow;

import dev.cairn.core.Address;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.Puzzle;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What this node works on: a template upon the head, made anew when the head moves and, for the
/// time in its header and for new transactions, from time to time. An interrupted search loses
/// nothing, since each nonce is as good as any other.
///
/// Owner: the engine.
final class Mining {

  /// Templates that a nonce may still come for: the latest and the one before.
  private static final int TEMPLATES_MAX = 2;

  private static final long REFRESH_MILLIS_MIN = 100;
  private static final long REFRESH_MILLIS_MAX = 5_000;

  private final PowRules rules;
  private final Address miner;
  private final long refreshNanos;
  private final Map<Long, Block> templates = new LinkedHashMap<>();
  private Optional<Cid> parent = Optional.empty();
  private long asked;
  private long dueNanos;
  private boolean digging;

  Mining(PowRules rules, Address miner) {
    this.rules = rules;
    this.miner = miner;
    this.refreshNanos =
        1_000_000
            * Math.clamp(
                rules.params().blockIntervalMillis() / 8, REFRESH_MILLIS_MIN, REFRESH_MILLIS_MAX);
  }

  /// Asks for a new template when it is time.
  ///
  /// @param head what to build on
  /// @param headMillis its header's time
  /// @param medianMillis of the blocks up to the head
  void update(
      Cid head,
      long height,
      long headMillis,
      long medianMillis,
      Now now,
      Consumer<? super EngineEffect> out) {
    boolean moved = !parent.equals(Optional.of(head));
    if (!moved && now.nanos() < dueNanos) {
      return;
    }
    parent = Optional.of(head);
    dueNanos = now.nanos() + refreshNanos;
    WorkTuple tuple = new WorkTuple(rules.target(height, headMillis), miner);
    long time = Math.max(now.wallMillis(), medianMillis + 1);
    out.accept(new EngineEffect.Template(++asked, head, time, tuple.encode(), miner));
  }

  /// Takes the template that was asked for, and has it worked on.
  void built(long slot, Block template, Consumer<? super EngineEffect> out) {
    if (slot != asked || !template.parent().equals(parent)) {
      return;
    }
    templates.put(slot, template);
    while (templates.size() > TEMPLATES_MAX) {
      templates.remove(templates.keySet().iterator().next());
    }
    digging = true;
    out.accept(new EngineEffect.Mine(slot, rules.puzzle(template.header())));
  }

  /// The block that a nonce completes; empty when it comes too late, or does not solve the puzzle.
  Optional<Block> mined(long work, long nonce) {
    Block template = templates.get(work);
    if (template == null || !template.parent().equals(parent)) {
      return Optional.empty();
    }
    Puzzle puzzle = rules.puzzle(template.header());
    return puzzle.solvedBy(nonce) ? Optional.of(PowRules.solve(template, nonce)) : Optional.empty();
  }

  /// Ends the work, until [#update] starts it again.
  void stop(Consumer<? super EngineEffect> out) {
    if (digging) {
      digging = false;
      out.accept(new EngineEffect.StopMining());
    }
    templates.clear();
    parent = Optional.empty();
  }

  long deadlineNanos() {
    return dueNanos;
  }
}
