package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/// What a validator sends again while something is not settled: the last finalize certificate, and
/// of the slots above it, the latest first, the certificates, its own votes and its own candidates.
///
/// From these a node that lacks them all can follow (spec/consensus.md, "Sending again").
final class Resend {

  /// Slots whose messages are sent again at once.
  static final int SLOTS_MAX = 64;

  private Resend() {}

  /// Whether this validator waits for others: it voted in a slot that is not cleared, or a block is
  /// notarized and not final.
  static boolean due(Situation situation, int self) {
    Instance instance = situation.instance();
    if (instance.base().slot() > instance.lastFinal().slot()) {
      return true;
    }
    for (Slot slot : instance.from(instance.frontier()).values()) {
      if (slot.votedBy(self)) {
        return true;
      }
    }
    return false;
  }

  static void all(Situation situation, int self, Consumer<? super EngineEffect> out) {
    finality(situation, out);
    Instance instance = situation.instance();
    List<Slot> slots =
        new ArrayList<>(instance.from(instance.lastFinal().slot() + 1).values()).reversed();
    for (Slot slot : slots.subList(0, Math.min(slots.size(), SLOTS_MAX))) {
      slot.skipped().ifPresent(c -> send(c, out));
      slot.notarized().ifPresent(c -> send(c, out));
      candidate(situation, slot, self, out);
      slot.skipBy(self).ifPresent(v -> send(v, out));
      slot.notarizeBy(self).ifPresent(v -> send(v, out));
      slot.finalizeBy(self).ifPresent(v -> send(v, out));
    }
  }

  /// Shows others what is final, so that they leave their slots or their epoch.
  static void finality(Situation situation, Consumer<? super EngineEffect> out) {
    situation.endOfLastEpoch().ifPresent(c -> send(c, out));
    situation.instance().lastFinalCertificate().ifPresent(c -> send(c, out));
  }

  /// What proves that a proposal may build on its base, for those who have not seen it.
  static void proof(
      Instance instance, Instance.Base base, long slot, Consumer<? super EngineEffect> out) {
    instance.find(base.slot()).flatMap(Slot::notarized).ifPresent(c -> send(c, out));
    for (long between = base.slot() + 1; between < slot; between++) {
      instance.find(between).flatMap(Slot::skipped).ifPresent(c -> send(c, out));
    }
  }

  private static void candidate(
      Situation situation, Slot slot, int self, Consumer<? super EngineEffect> out) {
    Optional<Proposal> proposal = slot.proposal();
    if (proposal.isEmpty()
        || situation.instance().leader(slot.number()) != self
        || slot.notarized().isPresent()) {
      return;
    }
    Cid id = proposal.get().block();
    Bytes seal = Bytes.wrap(proposal.get().encode());
    situation
        .tree()
        .block(id)
        .ifPresent(block -> out.accept(new EngineEffect.BroadcastBlock(block, seal, true)));
  }

  private static void send(Message message, Consumer<? super EngineEffect> out) {
    out.accept(new EngineEffect.Broadcast(Bytes.wrap(message.encode()), true));
  }
}
