package dev.cairn.core.consensus.simplex;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.ValidatorEntry;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongFunction;
import org.apache.tuweni.bytes.Bytes;

/// The validators of each epoch as the final state has them: of the coming epoch, the present one
/// and a few before. A set that is in a final state never changes, so those that were read are
/// kept, the newest few.
///
/// Any thread that may read the store may call it.
public final class ValidatorSets implements LongFunction<Optional<ValidatorSet>> {

  private static final int KEPT_MAX = 6;

  private final ChainStore store;
  private final ConcurrentSkipListMap<Long, ValidatorSet> kept = new ConcurrentSkipListMap<>();

  private ValidatorSets(ChainStore store) {
    this.store = store;
  }

  /// The sets of a chain, from the store that its ledger writes.
  static LongFunction<Optional<ValidatorSet>> of(ChainSpec spec, ChainStore store) {
    return spec.engine().staking().isPresent() ? new ValidatorSets(store) : fixed(spec);
  }

  /// The sets that the chain spec alone tells: all of them when they never change, else those of
  /// the first two epochs.
  static LongFunction<Optional<ValidatorSet>> fixed(ChainSpec spec) {
    Optional<ValidatorSet> first = Optional.of(new ValidatorSet(spec.engine().validators()));
    boolean changing = spec.engine().staking().isPresent();
    return epoch -> changing && epoch > 1 ? Optional.empty() : first;
  }

  /// The validators of any epoch up to the one after the present, for those who ask.
  ///
  /// @return empty when they are not fixed yet
  public static Optional<ValidatorSet> find(ChainSpec spec, ChainStore store, long epoch) {
    Optional<ValidatorSet> first = fixed(spec).apply(epoch);
    if (first.isPresent()) {
      return first;
    }
    Bytes key = StateKey.validatorSet(epoch).bytes();
    return store
        .value(key)
        .or(() -> store.recordVersion(key, 1))
        .map(encoded -> new ValidatorSet(ValidatorEntry.decodeSet(encoded)));
  }

  @Override
  public Optional<ValidatorSet> apply(long epoch) {
    ValidatorSet known = kept.get(epoch);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Bytes> value = store.value(StateKey.validatorSet(epoch).bytes());
    Optional<ValidatorSet> set =
        value.map(encoded -> new ValidatorSet(ValidatorEntry.decodeSet(encoded)));
    set.ifPresent(s -> kept.put(epoch, s));
    while (kept.size() > KEPT_MAX) {
      kept.pollFirstEntry();
    }
    return set;
  }
}
