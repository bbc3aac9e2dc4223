package dev.cairn.core.staking;

import dev.cairn.core.Address;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateView;
import dev.cairn.core.state.StateWriter;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.BlockContext;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.tuweni.bytes.Bytes;

/// The state's part that is about stake, as one block changes it (spec/state.md, "Stake").
///
/// What it keeps: the entry of each validator with stake and the list of their keys; what each key
/// has unbonding and the list of those keys; a mark for each key that was punished.
final class Stakes {

  /// The keys that have something unbonding, ascending.
  static final StateKey UNBONDING_KEYS = StateKey.parameter("unbonding");

  private final StateWriter state;
  private final StakingParams params;

  Stakes(StateWriter state, StakingParams params) {
    this.state = state;
    this.params = params;
  }

  List<Bytes> validators() {
    return state.keys(ValidatorEntry.KEYS);
  }

  List<Bytes> unbondingKeys() {
    return state.keys(UNBONDING_KEYS);
  }

  long total() {
    return state.validators().stream().mapToLong(ValidatorEntry::stake).sum();
  }

  static List<Unbonding> unbonding(StateView state, Bytes key) {
    return state.get(StateKey.unbonding(key)).map(Unbonding::decode).orElse(List.of());
  }

  /// Writes what a validator has now; with nothing it leaves the list.
  void put(ValidatorEntry entry) {
    boolean leaves = entry.stake() == 0;
    if (leaves) {
      state.remove(StateKey.validator(entry.key()));
    } else {
      state.put(StateKey.validator(entry.key()), entry.encode());
    }
    list(ValidatorEntry.KEYS, entry.key(), !leaves);
  }

  /// Writes what a key has unbonding.
  void put(Bytes key, List<Unbonding> queue) {
    if (queue.isEmpty()) {
      state.remove(StateKey.unbonding(key));
    } else {
      state.put(StateKey.unbonding(key), Unbonding.encode(queue));
    }
    list(UNBONDING_KEYS, key, !queue.isEmpty());
  }

  private void list(StateKey parameter, Bytes key, boolean listed) {
    TreeSet<Bytes> keys = new TreeSet<>(state.keys(parameter));
    if (listed ? keys.add(key) : keys.remove(key)) {
      if (keys.isEmpty()) {
        state.remove(parameter);
      } else {
        state.put(parameter, encode(keys));
      }
    }
  }

  private static Bytes encode(Collection<Bytes> keys) {
    CborWriter writer = new CborWriter().array(keys.size());
    keys.forEach(key -> writer.bytes(key.toArrayUnsafe()));
    return Bytes.wrap(writer.toBytes());
  }

  /// Moves stake to what waits to be paid. It is in the sets of this epoch and the next, which are
  /// fixed, so that evidence of the next must have expired before.
  void unbond(ValidatorEntry entry, long amount, BlockContext block) {
    List<Unbonding> queue = new ArrayList<>(unbonding(state, entry.key()));
    long time = Math.addExact(block.timeMillis(), params.unbondingMillis());
    long epoch = params.epochOf(block.height()) + 1 + StakingParams.EVIDENCE_EPOCHS;
    queue.add(new Unbonding(entry.account(), amount, time, epoch));
    put(entry.key(), queue);
    put(new ValidatorEntry(entry.key(), entry.account(), entry.stake() - amount));
  }

  boolean punished(Bytes key) {
    return state.get(StateKey.punished(key)).isPresent();
  }

  /// Takes the chain's share of all that the key has at stake, and puts it out of the sets that are
  /// not fixed yet, for good; what is left of its stake unbonds. The last validator stays, with
  /// what it has left: without it the chain would end.
  void punish(Bytes key, long epoch, BlockContext block) {
    List<Unbonding> queue = new ArrayList<>();
    for (Unbonding one : unbonding(state, key)) {
      queue.add(one.less(share(one.amount())));
    }
    queue.removeIf(one -> one.amount() == 0);
    put(key, queue);
    state.put(StateKey.punished(key), new Offences.Punished(epoch, block.height()).encode());
    Optional<ValidatorEntry> entry = state.validator(key);
    if (entry.isEmpty()) {
      return;
    }
    long stake = entry.get().stake();
    long left = stake - share(stake);
    if (validators().size() == 1) {
      put(new ValidatorEntry(key, entry.get().account(), Math.max(1, left)));
    } else if (left == 0) {
      put(new ValidatorEntry(key, entry.get().account(), 0));
    } else {
      unbond(new ValidatorEntry(key, entry.get().account(), left), left, block);
    }
  }

  /// The part that a punishment takes, rounded down, without passing 63 bits on the way.
  private long share(long amount) {
    int whole = StakingParams.SLASH_PERMILLE_MAX;
    return amount / whole * params.slashPermille()
        + amount % whole * params.slashPermille() / whole;
  }

  void pay(Address to, long amount) {
    Account account = state.account(to);
    state.put(to, account.credit(amount));
  }
}
