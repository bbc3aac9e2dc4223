package dev.cairn.core.consensus.simplex;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.cbor.Slice;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/// One validator's own part: the rules by which it votes (spec/consensus.md, "When a validator
/// votes"), the records that it keeps of that, and its duty to propose.
///
/// Every vote is in a [EngineEffect.Persist] before it counts for anything that is sent. The votes
/// of a slot are found in the slot itself, whether cast now or before a restart.
///
/// Owner: the engine. Used only while the key is in the epoch's set.
final class Voting {

  private final Situation situation;
  private final Signer key;
  private final int self;
  private final boolean alone;
  private final long floor;
  private final VoteRules votes;
  private long waitNanos = Long.MAX_VALUE;

  /// @param floor votes at or below this slot may have been cast and forgotten
  Voting(Situation situation, Signer key, int self, long floor, VoteRules votes) {
    this.votes = votes;
    this.situation = situation;
    this.key = key;
    this.self = self;
    this.floor = floor;
    this.alone = situation.instance().set().size() == 1;
  }

  int self() {
    return self;
  }

  /// Whether this is the only validator: then nobody waits for its votes, and only what it
  /// finalized is sent.
  boolean alone() {
    return alone;
  }

  Signer key() {
    return key;
  }

  /// When a candidate's time will be near enough to vote for it; [Long#MAX_VALUE] for none.
  long deadlineNanos() {
    return waitNanos;
  }

  /// Casts every vote whose conditions hold; true when there was one, so that more may hold now.
  boolean step(Now now, Consumer<? super EngineEffect> out) {
    waitNanos = Long.MAX_VALUE;
    Instance instance = situation.instance();
    for (Slot slot : List.copyOf(instance.from(instance.lastFinal().slot() + 1).values())) {
      if (notarize(slot, now, out) || finalizeSlot(slot, out)) {
        return true;
      }
    }
    return false;
  }

  private boolean mayVote(Slot slot) {
    return slot.number() > floor && slot.number() > situation.instance().lastFinal().slot();
  }

  private boolean notarize(Slot slot, Now now, Consumer<? super EngineEffect> out) {
    Instance instance = situation.instance();
    Optional<Proposal> proposal = slot.proposal();
    if (proposal.isEmpty()
        || slot.number() < instance.frontier()
        || !mayVote(slot)
        || slot.notarizeBy(self).isPresent()
        || slot.finalizeBy(self).isPresent()
        || !supportable(proposal.get(), now)) {
      return false;
    }
    Block block = situation.tree().block(proposal.get().block()).orElseThrow();
    out.accept(candidate(proposal.get(), block));
    Vote vote = sign(new Notarize(instance.epoch(), slot.number(), block.id()), out);
    send(vote, out);
    return true;
  }

  /// Whether all that a notarize vote asserts about a candidate is proved here.
  private boolean supportable(Proposal proposal, Now now) {
    Instance instance = situation.instance();
    BlockTree tree = situation.tree();
    Cid id = proposal.block();
    if (proposal.parentSlot() < instance.lastFinal().slot()
        || !tree.valid(id)
        || tree.block(id).isEmpty()
        || situation.rules().epochOf(tree.height(id)) != instance.epoch()) {
      return false;
    }
    Optional<Cid> base = instance.notarizedIn(proposal.parentSlot());
    boolean extendsBase = base.isPresent() && base.equals(tree.block(id).flatMap(Block::parent));
    boolean repeatsBase = base.isPresent() && base.get().equals(id);
    if ((!extendsBase && !repeatsBase)
        || !instance.skippedBetween(proposal.parentSlot(), proposal.slot())) {
      return false;
    }
    return repeatsBase || timely(id, base.get(), now);
  }

  /// Whether a block's time is near enough to the local clock, or the least that its parent leaves:
  /// a chain whose time is ahead of the clocks goes on, and its time waits for them.
  private boolean timely(Cid id, Cid parent, Now now) {
    BlockTree tree = situation.tree();
    long ahead = tree.time(id) - now.wallMillis() - Engine.AHEAD_MILLIS_MAX;
    if (ahead <= 0) {
      return true;
    }
    if (tree.valid(parent) && tree.time(id) == tree.time(parent) + 1) {
      return true;
    }
    waitNanos = Math.min(waitNanos, now.nanos() + TimeUnit.MILLISECONDS.toNanos(ahead));
    return false;
  }

  private boolean finalizeSlot(Slot slot, Consumer<? super EngineEffect> out) {
    Optional<Cid> block = slot.notarizedBlock();
    BlockTree tree = situation.tree();
    if (block.isEmpty()
        || !mayVote(slot)
        || (votes.skipExcludesFinal() && slot.skipBy(self).isPresent())
        || slot.finalizeBy(self).isPresent()
        || !tree.valid(block.get())
        || situation.rules().epochOf(tree.height(block.get())) != situation.instance().epoch()) {
      return false;
    }
    // Whoever finalizes may not skip: it must not forget what clears the slot.
    if (!alone) {
      slot.notarized().ifPresent(certificate -> out.accept(persist(certificate)));
    }
    long epoch = situation.instance().epoch();
    send(sign(new Finalize(epoch, slot.number(), block.get()), out), out);
    return true;
  }

  /// Votes to skip a slot, unless this validator has voted to finalize it.
  void skip(Slot slot, Consumer<? super EngineEffect> out) {
    boolean excluded = votes.skipExcludesFinal() && slot.finalizeBy(self).isPresent();
    if (mayVote(slot) && !excluded && slot.skipBy(self).isEmpty()) {
      send(sign(new Skip(situation.instance().epoch(), slot.number()), out), out);
    }
  }

  /// Whether this validator leads the slot and has not yet proposed, voted or given it up.
  boolean mayPropose(long number) {
    Instance instance = situation.instance();
    if (number <= floor || instance.leader(number) != self) {
      return false;
    }
    Optional<Slot> slot = instance.find(number);
    return slot.isEmpty() || (slot.get().proposal().isEmpty() && !slot.get().votedBy(self));
  }

  /// Proposes a valid block for a slot that this validator leads, and votes for it.
  void propose(long number, Instance.Base base, Block block, Consumer<? super EngineEffect> out) {
    Instance instance = situation.instance();
    byte[] content = Proposal.content(instance.epoch(), number, base.slot(), block.id());
    byte[] message = instance.domain().message(Proposal.KIND, Slice.of(content));
    Bytes signature = Bytes.wrap(key.sign(message));
    Proposal proposal = new Proposal(instance.epoch(), number, base.slot(), block.id(), signature);
    instance.slot(number).propose(proposal);
    out.accept(candidate(proposal, block));
    Vote vote = sign(new Notarize(instance.epoch(), number, block.id()), out);
    if (!alone) {
      out.accept(new EngineEffect.BroadcastBlock(block, Bytes.wrap(proposal.encode()), false));
    }
    send(vote, out);
  }

  private static EngineEffect candidate(Proposal proposal, Block block) {
    return new EngineEffect.Persist(CandidateRecord.of(proposal, block));
  }

  private static EngineEffect persist(Certificate certificate) {
    Bytes content = Bytes.wrap(certificate.encode());
    return new EngineEffect.Persist(
        new VoteRecord(
            VoteRecord.Kind.CERTIFICATE, certificate.epoch(), certificate.slot(), content));
  }

  private Vote sign(Statement statement, Consumer<? super EngineEffect> out) {
    byte[] message =
        situation.instance().domain().message(Certificate.VOTE, Slice.of(statement.encode()));
    Vote vote = new Vote(statement, self, Bytes.wrap(key.sign(message)));
    Bytes content = Bytes.wrap(vote.encode());
    out.accept(
        new EngineEffect.Persist(
            new VoteRecord(VoteRecord.Kind.VOTE, vote.epoch(), vote.slot(), content)));
    return vote;
  }

  private void send(Vote vote, Consumer<? super EngineEffect> out) {
    if (!alone) {
      out.accept(new EngineEffect.Broadcast(Bytes.wrap(vote.encode()), false));
    }
    situation.instance().add(vote);
  }
}
