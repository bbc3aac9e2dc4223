package dev.cairn.core.consensus;

import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.multiformats.Cid;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How far an engine with validators has come in agreeing, and whose votes it has seen: what an
/// operator looks at when a chain stands still. Validators are named by their index in the epoch's
/// set.
///
/// @param epoch the present epoch, from 0
/// @param slot the lowest slot that is not settled
/// @param finalSlot the latest slot with a final block; 0 at the start of an epoch
/// @param quorum the stake that decides
/// @param totalStake the stake of all validators
/// @param self this node's own index; -1 when it is no validator of this epoch
/// @param voting whether this node votes: it is a validator and has not been told to be silent
/// @param validators the epoch's set
/// @param slots the slots that are not final, ascending, the present one last; at most [#SLOTS_MAX]
public record ConsensusView(
    long epoch,
    long slot,
    long finalSlot,
    long quorum,
    long totalStake,
    int self,
    boolean voting,
    List<ValidatorEntry> validators,
    List<SlotVotes> slots) {

  public static final int SLOTS_MAX = 8;

  public ConsensusView {
    validators = List.copyOf(validators);
    slots = List.copyOf(slots);
  }

  /// The votes of one slot that are here.
  ///
  /// @param leader the index of its leader
  /// @param proposal the block that the leader proposed, once it is here
  /// @param notarized whether a quorum notarized a block
  /// @param skipped whether a quorum skipped the slot
  /// @param toNotarize who voted to notarize, ascending
  /// @param toSkip who voted to skip, ascending
  /// @param toFinalize who voted to finalize, ascending
  public record SlotVotes(
      long slot,
      int leader,
      Optional<Cid> proposal,
      boolean notarized,
      boolean skipped,
      List<Integer> toNotarize,
      List<Integer> toSkip,
      List<Integer> toFinalize) {

    public SlotVotes {
      toNotarize = List.copyOf(toNotarize);
      toSkip = List.copyOf(toSkip);
      toFinalize = List.copyOf(toFinalize);
    }

    /// Whether anybody proposed or voted.
    public boolean active() {
      return proposal.isPresent()
          || !toNotarize.isEmpty()
          || !toSkip.isEmpty()
          || !toFinalize.isEmpty();
    }
  }

  /// The slot whose votes the chain waits for: the present one when anything has happened in it,
  /// else the latest that is notarized and not final. Empty when nothing is under way.
  public Optional<SlotVotes> waitingFor() {
    List<SlotVotes> newest = slots.reversed();
    return newest.stream()
        .filter(s -> s.slot() == slot && s.active())
        .findFirst()
        .or(() -> newest.stream().filter(s -> s.slot() < slot && s.notarized()).findFirst());
  }

  /// Who has not voted in the slot that the chain waits for, ascending; in one that is notarized,
  /// who has neither finalized nor skipped it.
  public List<Integer> missing() {
    return waitingFor().stream()
        .flatMapToInt(
            s ->
                IntStream.range(0, validators.size())
                    .filter(i -> !s.toSkip().contains(i) && !s.toFinalize().contains(i))
                    .filter(i -> s.notarized() || !s.toNotarize().contains(i)))
        .boxed()
        .toList();
  }
}
