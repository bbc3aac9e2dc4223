package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.ConsensusView;
import dev.cairn.core.consensus.ConsensusView.SlotVotes;
import dev.cairn.core.state.ValidatorEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// What the engine shows of itself to people.
final class Survey {

  private Survey() {}

  /// @param self the node's own index, or -1
  static ConsensusView of(Situation situation, int self, boolean voting) {
    Instance instance = situation.instance();
    ValidatorSet set = instance.set();
    List<ValidatorEntry> validators = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      validators.add(set.get(i));
    }
    long last = instance.lastFinal().slot();
    long frontier = instance.frontier();
    List<SlotVotes> slots = new ArrayList<>();
    long first = Math.max(last + 1, frontier - ConsensusView.SLOTS_MAX + 1);
    for (long number = first; number <= frontier; number++) {
      slots.add(votes(instance, number));
    }
    return new ConsensusView(
        instance.epoch(),
        frontier,
        last,
        set.quorum(),
        set.totalStake(),
        self,
        voting,
        validators,
        slots);
  }

  private static SlotVotes votes(Instance instance, long number) {
    // A slot that nobody has touched is not made for being looked at.
    Slot slot = instance.find(number).orElseGet(() -> new Slot(number, instance.set()));
    return new SlotVotes(
        number,
        instance.leader(number),
        slot.proposal().map(Proposal::block),
        slot.notarized().isPresent(),
        slot.skipped().isPresent(),
        voters(instance, slot::notarizeBy),
        voters(instance, slot::skipBy),
        voters(instance, slot::finalizeBy));
  }

  private static List<Integer> voters(Instance instance, IntFunction<Optional<Vote>> vote) {
    return IntStream.range(0, instance.set().size())
        .filter(i -> vote.apply(i).isPresent())
        .boxed()
        .toList();
  }
}
