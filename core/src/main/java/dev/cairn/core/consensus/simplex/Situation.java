package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.Tip;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the parts of the engine share: the blocks, the present epoch's instance, and when things
/// last happened.
///
/// Owner: the engine.
final class Situation {

  private final SimplexRules rules;
  private final SimplexTiming timing;
  private final BlockTree tree;
  private Instance instance;
  private @Nullable Certificate endOfLastEpoch;
  private Cid head;
  private boolean pending;
  private long headAtNanos;
  private long silenceAtNanos;

  /// @throws IllegalArgumentException when the tip's certificate is another block's
  Situation(SimplexRules rules, SimplexTiming timing, Tip tip, Now now) {
    this.rules = rules;
    this.timing = timing;
    this.tree = new BlockTree(rules, tip);
    this.instance = instanceAfter(tip);
    this.head = tip.block();
    this.headAtNanos = now.nanos();
    long silent = Math.max(0, now.wallMillis() - tip.timeMillis());
    long left = Math.max(0, rules.longestSilenceMillis() - silent);
    this.silenceAtNanos = now.nanos() + TimeUnit.MILLISECONDS.toNanos(left);
  }

  SimplexRules rules() {
    return rules;
  }

  SimplexTiming timing() {
    return timing;
  }

  BlockTree tree() {
    return tree;
  }

  Instance instance() {
    return instance;
  }

  /// What made the last block of the previous epoch final, for those who are still in it.
  Optional<Certificate> endOfLastEpoch() {
    return Optional.ofNullable(endOfLastEpoch);
  }

  boolean pending() {
    return pending;
  }

  void pending(boolean waiting) {
    pending = waiting;
  }

  /// When the head last changed.
  long headAtNanos() {
    return headAtNanos;
  }

  /// When the longest silence is over.
  long silenceAtNanos() {
    return silenceAtNanos;
  }

  /// Says so when the head has changed; then nothing is known to be pending on it.
  void moveHead(Now now, Consumer<? super EngineEffect> out) {
    Cid base = instance.base().block();
    Cid next = tree.valid(base) ? base : tree.valid(head) ? head : tree.tip().block();
    if (!next.equals(head)) {
      head = next;
      pending = false;
      headAtNanos = now.nanos();
      silenceAtNanos = now.nanos() + TimeUnit.MILLISECONDS.toNanos(rules.longestSilenceMillis());
      out.accept(new EngineEffect.Head(head));
    }
  }

  /// Makes a block the tip; true when the next epoch began, or a later one.
  boolean finalized(Tip tip) {
    tree.finalized(tip);
    Optional<Certificate> certificate = finality(tip);
    boolean ended = rules.lastOfEpoch(tip.height());
    if (rules.epochOf(tip.height()) == instance.epoch() && !ended) {
      certificate.ifPresent(
          c -> {
            instance.add(c);
            instance.undelivered().headMap(c.slot() + 1).clear();
          });
      return false;
    }
    endOfLastEpoch = ended ? certificate.orElse(null) : null;
    instance = instanceAfter(tip);
    return true;
  }

  /// Forgets candidates of slots that are over and led to nothing.
  void dropDeadBlocks() {
    List<Cid> alive = new ArrayList<>();
    alive.add(head);
    for (Slot slot : instance.from(instance.lastFinal().slot() + 1).values()) {
      slot.notarizedBlock().ifPresent(alive::add);
      if (slot.number() >= instance.frontier()) {
        slot.proposal().ifPresent(p -> alive.add(p.block()));
      }
    }
    for (Certificate certificate : instance.undelivered().values()) {
      alive.add(((Finalize) certificate.statement()).block());
    }
    tree.retain(alive);
  }

  /// The instance that goes on from a tip. Within an epoch the tip's certificate says from which
  /// slot; a tip without one is an ancestor of a block that was final and is not here (the node
  /// stopped between storing the two). Then nothing is known to build on, and the first finalize
  /// certificate that comes, or that the repeated votes add up to, shows the place. Voting is safe
  /// meanwhile: its rules rest on the vote log alone.
  private Instance instanceAfter(Tip tip) {
    long epoch = rules.epochOf(tip.height());
    if (tip.height() == 0 || rules.lastOfEpoch(tip.height())) {
      return instance(tip.height() == 0 ? 0 : epoch + 1, new Instance.Base(0, tip.block()));
    }
    Optional<Certificate> certificate = finality(tip);
    if (certificate.isEmpty()) {
      return instance(epoch, new Instance.Base(0, Instance.NOWHERE));
    }
    Instance next = instance(epoch, new Instance.Base(certificate.get().slot(), tip.block()));
    next.lastFinalCertificate(certificate.get());
    return next;
  }

  private Instance instance(long epoch, Instance.Base start) {
    ValidatorSet set =
        rules
            .set(epoch)
            .orElseThrow(
                () -> new IllegalStateException("the validators of epoch " + epoch + " are lost"));
    return new Instance(epoch, set, rules.voteDomain(epoch), rules.signatures(), start);
  }

  private Optional<Certificate> finality(Tip tip) {
    if (tip.certificate().isEmpty()) {
      return Optional.empty();
    }
    Certificate certificate = Certificate.decode(tip.certificate().toArrayUnsafe());
    if (!(certificate.statement() instanceof Finalize f)
        || !f.block().equals(tip.block())
        || f.epoch() != rules.epochOf(tip.height())) {
      throw new IllegalArgumentException("the tip's certificate is not the tip's");
    }
    return Optional.of(certificate);
  }
}
