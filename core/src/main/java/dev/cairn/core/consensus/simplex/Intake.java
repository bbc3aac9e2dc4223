package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/// Judges what came from outside, keeps what is good, and reports who contradicts itself. Cheap
/// tests come before signatures.
///
/// Owner: the engine.
final class Intake {

  /// Slots above the frontier for which proposals and votes are kept.
  static final int SLOTS_AHEAD_MAX = 32;

  /// Slots above the frontier for which skip certificates are kept. A quorum signed them, so they
  /// are not many; this only bounds what a bug could do.
  static final int CERTIFICATES_AHEAD_MAX = 1024;

  private static final Verdict STALE = Verdict.ignore("about a slot that is settled");
  private static final Verdict KNOWN = Verdict.ignore("known already");
  private static final Verdict EARLY = Verdict.ignore("too far ahead");

  private final Situation situation;
  private final Fetches fetches;

  Intake(Situation situation, Fetches fetches) {
    this.situation = situation;
    this.fetches = fetches;
  }

  /// Takes a message of the present epoch, or a finalize certificate that settles it.
  Verdict message(Message message, Consumer<? super EngineEffect> out) {
    return switch (message) {
      case Proposal p -> proposal(p, out);
      case Vote v -> vote(v, out);
      case Certificate c -> certificate(c);
    };
  }

  /// Takes a block with the proposal or certificate that speaks for it.
  Verdict block(Block block, Message seal, String peer, Consumer<? super EngineEffect> out) {
    Verdict verdict =
        switch (seal) {
          case Proposal p when p.block().equals(block.id()) -> proposal(p, out);
          case Certificate c
              when c.statement() instanceof Finalize f && f.block().equals(block.id()) ->
              certificate(c);
          default -> Verdict.reject("a seal that does not speak for its block");
        };
    boolean wanted =
        switch (verdict) {
          case Verdict.Accept a -> true;
          case Verdict.Ignore i -> proposed(block, seal) || fetches.wants(block.id());
          case Verdict.Reject r -> false;
        };
    if (wanted) {
      situation.tree().add(block, peer);
    }
    return verdict;
  }

  /// Whether the block is the one that the slot's leader first proposed, and came without it
  /// before.
  private boolean proposed(Block block, Message seal) {
    Instance instance = situation.instance();
    return seal.epoch() == instance.epoch()
        && instance
            .find(seal.slot())
            .flatMap(Slot::proposal)
            .filter(p -> p.block().equals(block.id()))
            .isPresent();
  }

  /// Takes a block that came without a seal, which is good only if it was asked for.
  Verdict block(Block block, String peer) {
    if (!fetches.wants(block.id())) {
      return Verdict.ignore("nobody asked for this block");
    }
    return situation.tree().add(block, peer) ? Verdict.accept() : KNOWN;
  }

  private Verdict proposal(Proposal proposal, Consumer<? super EngineEffect> out) {
    Instance instance = situation.instance();
    if (proposal.slot() < instance.frontier()
        || proposal.parentSlot() < instance.lastFinal().slot()) {
      return late(proposal, out);
    }
    if (proposal.slot() > instance.frontier() + SLOTS_AHEAD_MAX) {
      return EARLY;
    }
    Slot slot = instance.slot(proposal.slot());
    Optional<Proposal> first = slot.proposal();
    if (first.isPresent() && first.get().says(proposal)) {
      return KNOWN;
    }
    if (!instance.verify(proposal)) {
      return Verdict.reject("a proposal that the slot's leader did not sign");
    }
    if (first.isPresent()) {
      return contradiction(slot, instance.leader(slot.number()), first.get(), proposal, out);
    }
    slot.propose(proposal);
    return Verdict.accept();
  }

  private Verdict vote(Vote vote, Consumer<? super EngineEffect> out) {
    Instance instance = situation.instance();
    if (vote.slot() <= instance.lastFinal().slot()) {
      return late(vote, out);
    }
    if (vote.slot() > instance.frontier() + SLOTS_AHEAD_MAX) {
      return EARLY;
    }
    if (vote.voter() >= instance.set().size()) {
      return Verdict.reject("a vote of nobody");
    }
    Slot slot = instance.slot(vote.slot());
    Optional<Vote> same = slot.vote(vote.voter(), vote.statement());
    if (same.isPresent() && same.get().statement().equals(vote.statement())) {
      return KNOWN;
    }
    if (!instance.verify(vote)) {
      return Verdict.reject("a vote that its voter did not sign");
    }
    Optional<Vote> conflict = slot.conflict(vote);
    if (conflict.isPresent()) {
      return contradiction(slot, vote.voter(), conflict.get(), vote, out);
    }
    instance.add(vote);
    return Verdict.accept();
  }

  /// A proposal for a slot that is settled is of interest only if it is the leader's second.
  private Verdict late(Proposal proposal, Consumer<? super EngineEffect> out) {
    Instance instance = situation.instance();
    Optional<Slot> slot = instance.remembered(proposal.slot());
    Optional<Proposal> first = slot.flatMap(Slot::proposal).filter(p -> !p.says(proposal));
    return first.isPresent() && instance.verify(proposal)
        ? contradiction(slot.get(), instance.leader(proposal.slot()), first.get(), proposal, out)
        : STALE;
  }

  /// A vote in a slot that is settled is of interest only if it contradicts one that is known.
  private Verdict late(Vote vote, Consumer<? super EngineEffect> out) {
    Instance instance = situation.instance();
    Optional<Slot> slot =
        instance.remembered(vote.slot()).filter(s -> vote.voter() < instance.set().size());
    Optional<Vote> conflict = slot.flatMap(s -> s.conflict(vote));
    return conflict.isPresent() && instance.verify(vote)
        ? contradiction(slot.get(), vote.voter(), conflict.get(), vote, out)
        : STALE;
  }

  /// The first contradiction of a validator in a slot is passed on, so that all see it.
  private Verdict contradiction(
      Slot slot, int offender, Message first, Message second, Consumer<? super EngineEffect> out) {
    if (!slot.caught(offender)) {
      return Verdict.ignore("one more contradiction of a validator that was caught already");
    }
    Bytes key = situation.instance().set().get(offender).key();
    out.accept(new EngineEffect.Misbehaviour(key, new Evidence(first, second).encode()));
    return Verdict.accept();
  }

  private Verdict certificate(Certificate certificate) {
    Instance instance = situation.instance();
    if (instance.knows(certificate.statement())) {
      return KNOWN;
    }
    boolean early =
        switch (certificate.statement()) {
          case Skip s -> s.slot() > instance.frontier() + CERTIFICATES_AHEAD_MAX;
          case Notarize n -> false;
          case Finalize f -> false;
        };
    if (early) {
      return EARLY;
    }
    if (!instance.verify(certificate)) {
      return Verdict.reject("a certificate without a quorum of good signatures");
    }
    instance.add(certificate);
    return Verdict.accept();
  }
}
