package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.cbor.Slice;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One epoch's run of Simplex: the slots above its latest final one, and what follows from them.
///
/// It keeps only what is verified, and soon forgets a slot when it or a later one is final. Slot
/// numbers start at 1; slot 0 stands for the block that the epoch starts from, which is final.
///
/// Owner: the engine.
final class Instance {

  /// A block to build on, with the slot that notarized or finalized it.
  record Base(long slot, Cid block) {}

  /// Slots up to the last final one that are remembered, so that who contradicts itself late is
  /// caught all the same.
  static final int SETTLED_MAX = 16;

  /// Stands for a block that is not known: nothing has this id.
  static final Cid NOWHERE = Cid.hash(Cid.RAW, new byte[0]);

  private final long epoch;
  private final ValidatorSet set;
  private final SigningDomain domain;
  private final SignatureCheck check;
  private final Leaders leaders;
  private final TreeMap<Long, Slot> slots = new TreeMap<>();
  private final TreeMap<Long, Slot> settled = new TreeMap<>();
  private final TreeMap<Long, Certificate> finals = new TreeMap<>();
  private Base lastFinal;
  private @Nullable Certificate lastFinalCertificate;
  private long frontier;

  Instance(long epoch, ValidatorSet set, SigningDomain domain, SignatureCheck check, Base start) {
    this.check = check;
    this.epoch = epoch;
    this.set = set;
    this.domain = domain;
    this.leaders = new Leaders(set);
    this.lastFinal = start;
    this.frontier = start.slot() + 1;
  }

  long epoch() {
    return epoch;
  }

  ValidatorSet set() {
    return set;
  }

  SigningDomain domain() {
    return domain;
  }

  int leader(long slot) {
    return leaders.of(slot);
  }

  /// The highest slot with a finalize certificate, and its block.
  Base lastFinal() {
    return lastFinal;
  }

  /// Empty at the start of an epoch.
  Optional<Certificate> lastFinalCertificate() {
    return Optional.ofNullable(lastFinalCertificate);
  }

  void lastFinalCertificate(Certificate certificate) {
    lastFinalCertificate = certificate;
  }

  /// Finalize certificates whose blocks have not been handed out yet, by slot.
  SortedMap<Long, Certificate> undelivered() {
    return finals;
  }

  /// The lowest slot that is not cleared. A slot is cleared by its skip certificate, or by a
  /// notarize or finalize certificate of itself or of a later slot: whoever lacks it can build on
  /// that one.
  long frontier() {
    return frontier;
  }

  /// Slots from this one on, in order.
  SortedMap<Long, Slot> from(long slot) {
    return slots.tailMap(slot);
  }

  Optional<Slot> find(long slot) {
    return Optional.ofNullable(slots.get(slot));
  }

  /// The slot, whether above the last final one or a little while behind.
  Optional<Slot> remembered(long slot) {
    return slot > lastFinal.slot() ? find(slot) : Optional.ofNullable(settled.get(slot));
  }

  /// The slot, which must be above the last final one.
  Slot slot(long number) {
    if (number <= lastFinal.slot()) {
      throw new IllegalArgumentException("slot " + number + " is final");
    }
    return slots.computeIfAbsent(number, n -> new Slot(n, set));
  }

  /// Whether a certificate for this statement would tell nothing new.
  boolean knows(Statement statement) {
    if (statement.slot() <= lastFinal.slot()) {
      return true;
    }
    Optional<Slot> slot = find(statement.slot());
    return switch (statement) {
      case Notarize n -> slot.flatMap(Slot::notarized).isPresent();
      case Statement.Skip s -> slot.flatMap(Slot::skipped).isPresent();
      case Finalize f -> false;
    };
  }

  /// Adds a verified vote for a slot above the last final one.
  void add(Vote vote) {
    requireEpoch(vote);
    slot(vote.slot()).add(vote).ifPresent(this::add);
  }

  /// Adds a verified certificate.
  void add(Certificate certificate) {
    requireEpoch(certificate);
    if (knows(certificate.statement())) {
      return;
    }
    switch (certificate.statement()) {
      case Finalize f -> {
        finals.put(f.slot(), certificate);
        lastFinal = new Base(f.slot(), f.block());
        lastFinalCertificate = certificate;
        settle(slots.headMap(f.slot() + 1));
      }
      case Notarize n -> slot(n.slot()).certify(certificate);
      case Statement.Skip s -> slot(s.slot()).certify(certificate);
    }
    moveFrontier();
  }

  private void settle(SortedMap<Long, Slot> over) {
    settled.putAll(over);
    while (settled.size() > SETTLED_MAX) {
      settled.pollFirstEntry();
    }
    over.clear();
  }

  private void requireEpoch(Message message) {
    if (message.epoch() != epoch) {
      throw new IllegalArgumentException(
          "a message of epoch " + message.epoch() + " in epoch " + epoch);
    }
  }

  private void moveFrontier() {
    frontier = Math.max(frontier, lastFinal.slot() + 1);
    for (Slot slot : slots.tailMap(frontier).values()) {
      if (slot.notarized().isPresent()
          || (slot.number() == frontier && slot.skipped().isPresent())) {
        frontier = slot.number() + 1;
      }
    }
  }

  /// What a proposal for the frontier should build on: the highest notarized block with nothing but
  /// skipped slots behind it.
  Base base() {
    for (Slot slot : slots.headMap(frontier, false).descendingMap().values()) {
      Optional<Cid> block = slot.notarizedBlock();
      if (block.isPresent()) {
        return new Base(slot.number(), block.get());
      }
    }
    return lastFinal;
  }

  /// Whether a candidate in this slot may build on the parent slot: every slot between is skipped.
  boolean skippedBetween(long parentSlot, long slot) {
    for (long between = parentSlot + 1; between < slot; between++) {
      if (find(between).flatMap(Slot::skipped).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// The block that is notarized or final in a slot.
  Optional<Cid> notarizedIn(long slot) {
    if (slot == lastFinal.slot()) {
      return Optional.of(lastFinal.block());
    }
    return find(slot).flatMap(Slot::notarizedBlock);
  }

  /// Whether the signature under a proposal is its leader's.
  boolean verify(Proposal proposal) {
    int leader = leader(proposal.slot());
    byte[] message = domain.message(Proposal.KIND, Slice.of(proposal.content()));
    return leader >= 0
        && check.verify(set.key(leader), message, proposal.signature().toArrayUnsafe());
  }

  /// Whether a quorum of the epoch's set signed a certificate.
  boolean verify(Certificate certificate) {
    return certificate.verify(set, domain, check);
  }

  /// Whether the signature under a vote is its voter's.
  boolean verify(Vote vote) {
    byte[] message = domain.message(Certificate.VOTE, Slice.of(vote.statement().encode()));
    return vote.voter() < set.size()
        && check.verify(set.key(vote.voter()), message, vote.signature().toArrayUnsafe());
  }
}
