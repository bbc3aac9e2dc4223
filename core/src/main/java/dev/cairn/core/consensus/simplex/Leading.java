package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Address;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A leader's duty at the frontier: to have a block made when there is a reason to, and to propose
/// it, or to propose again a block that is notarized and does not become final.
///
/// Owner: the engine.
final class Leading {

  /// Heights above the final one at which a leader stops adding blocks and only repeats the last.
  static final int UNFINAL_MAX = 32;

  private record Building(long epoch, long slot, Instance.Base base) {}

  private final Situation situation;
  private @Nullable Building building;
  private long emptyRefusedUntilNanos = Long.MIN_VALUE;
  private long waitNanos = Long.MAX_VALUE;

  Leading(Situation situation) {
    this.situation = situation;
  }

  /// When a block that is due may be made; [Long#MAX_VALUE] when none is due.
  long deadlineNanos() {
    return waitNanos;
  }

  /// Whether a block is being made.
  boolean building() {
    return building != null;
  }

  /// When the block that the frontier builds on counts as stuck; [Long#MAX_VALUE] when it is final.
  long stuckAtNanos() {
    Instance instance = situation.instance();
    return instance.base().slot() > instance.lastFinal().slot()
        ? situation.headAtNanos() + situation.timing().resendNanos(0)
        : Long.MAX_VALUE;
  }

  /// Does what a leader is to do now; true when it proposed.
  boolean step(Voting voting, Now now, Consumer<? super EngineEffect> out) {
    waitNanos = Long.MAX_VALUE;
    Instance instance = situation.instance();
    long slot = instance.frontier();
    Instance.Base base = instance.base();
    if (!voting.mayPropose(slot) || !situation.tree().valid(base.block()) || answerAwaited(slot)) {
      return false;
    }
    boolean stuck = stuckAtNanos() <= now.nanos();
    long height = situation.tree().height(base.block());
    boolean ended = situation.rules().epochOf(height + 1) != instance.epoch();
    long unfinal = height - situation.tree().tip().height();
    if (!ended && unfinal < UNFINAL_MAX && wantsBlock(now)) {
      build(voting, slot, base, now, out);
      return false;
    }
    Optional<Block> block = situation.tree().block(base.block());
    if (stuck && block.isPresent()) {
      propose(voting, slot, base, block.get(), out);
      return true;
    }
    if (stuckAtNanos() > now.nanos()) {
      waitNanos = Math.min(waitNanos, stuckAtNanos());
    }
    return false;
  }

  /// Whether the ledger is still making the block for this slot.
  private boolean answerAwaited(long slot) {
    return building != null
        && building.slot == slot
        && building.epoch == situation.instance().epoch();
  }

  private boolean silenceIsOver(Now now) {
    return situation.silenceAtNanos() <= now.nanos() && emptyRefusedUntilNanos <= now.nanos();
  }

  private boolean wantsBlock(Now now) {
    if (!situation.pending() && !silenceIsOver(now)) {
      waitNanos = Math.min(waitNanos, Math.max(situation.silenceAtNanos(), emptyRefusedUntilNanos));
      return false;
    }
    return true;
  }

  private void build(
      Voting voting, long slot, Instance.Base base, Now now, Consumer<? super EngineEffect> out) {
    long interval = TimeUnit.MILLISECONDS.toNanos(situation.timing().blockIntervalMillis());
    if (situation.headAtNanos() + interval > now.nanos()) {
      waitNanos = Math.min(waitNanos, situation.headAtNanos() + interval);
      return;
    }
    // When the chain is ahead of this clock this is the least time, which all support at once.
    long time = Math.max(situation.tree().time(base.block()) + 1, now.wallMillis());
    Instance instance = situation.instance();
    Address account = instance.set().get(voting.self()).account();
    Optional<HeaderTuple> tuple = situation.rules().tuple(instance.epoch(), account);
    if (tuple.isEmpty()) {
      return;
    }
    building = new Building(instance.epoch(), slot, base);
    Cid parent = base.block();
    Sealer sealer = situation.rules().sealer(voting.key());
    out.accept(
        new EngineEffect.Build(
            slot, parent, time, tuple.get().encode(), account, sealer, silenceIsOver(now)));
  }

  /// Proposes the block that was made, if it is still wanted; true when it was.
  boolean built(EngineInput.Built answer, Voting voting, Consumer<? super EngineEffect> out) {
    Building asked = building;
    if (asked == null || asked.slot != answer.slot()) {
      return false;
    }
    building = null;
    Instance instance = situation.instance();
    if (asked.epoch != instance.epoch()
        || instance.frontier() != asked.slot
        || !instance.base().equals(asked.base)
        || !voting.mayPropose(asked.slot)) {
      return false;
    }
    situation.tree().addValid(answer.block());
    propose(voting, asked.slot, asked.base, answer.block(), out);
    return true;
  }

  /// Where slots lie between, others may lack what proves that they are skipped.
  private void propose(
      Voting voting,
      long slot,
      Instance.Base base,
      Block block,
      Consumer<? super EngineEffect> out) {
    if (base.slot() != slot - 1) {
      Resend.proof(situation.instance(), base, slot, out);
    }
    voting.propose(slot, base, block, out);
  }

  /// Takes the ledger's word that there is nothing to put into a block.
  void nothing(long slot, Now now) {
    if (building != null && building.slot == slot) {
      building = null;
      situation.pending(false);
      emptyRefusedUntilNanos = now.nanos() + situation.timing().resendNanos(0);
    }
  }
}
