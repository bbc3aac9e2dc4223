package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Hash;
import dev.cairn.core.state.ValidatorEntry;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// The validators of one epoch, ascending by key; a validator's place in this order is its index.
/// Immutable.
public final class ValidatorSet {

  /// Validators in a set.
  public static final int SIZE_MAX = 256;

  private final List<ValidatorEntry> validators;
  private final Hash hash;
  private final long totalStake;
  private final long quorum;

  /// @throws IllegalArgumentException when the set is empty or too large, out of order, or its
  ///   stake is not positive or not below 2^63
  public ValidatorSet(List<ValidatorEntry> validators) {
    this.validators = List.copyOf(validators);
    if (validators.isEmpty() || validators.size() > SIZE_MAX) {
      throw new IllegalArgumentException("a validator set of " + validators.size());
    }
    long total = 0;
    for (int i = 0; i < validators.size(); i++) {
      if (validators.get(i).stake() <= 0) {
        throw new IllegalArgumentException("a validator without stake");
      }
      if (i > 0 && validators.get(i - 1).key().compareTo(validators.get(i).key()) >= 0) {
        throw new IllegalArgumentException("validators are not in ascending order by key");
      }
      total = Math.addExact(total, validators.get(i).stake());
    }
    this.totalStake = total;
    this.quorum = quorum(total);
    this.hash = Hash.sha256(ValidatorEntry.encodeSet(this.validators).toArrayUnsafe());
  }

  ValidatorSet(ValidatorSet set, long quorum) {
    this.validators = set.validators;
    this.hash = set.hash;
    this.totalStake = set.totalStake;
    this.quorum = quorum;
  }

  /// The same validators with another quorum, for a simulation that shows what breaks; its hash is
  /// the same.
  public ValidatorSet withQuorum(long decides) {
    return new ValidatorSet(this, decides);
  }

  public int size() {
    return validators.size();
  }

  public ValidatorEntry get(int index) {
    return validators.get(index);
  }

  byte[] key(int index) {
    return validators.get(index).key().toArrayUnsafe();
  }

  public long stake(int index) {
    return validators.get(index).stake();
  }

  public long totalStake() {
    return totalStake;
  }

  /// The stake that decides: floor(2W/3) + 1 of the total W. Two such parts of the set share more
  /// than a third of it, so at least one honest validator.
  public long quorum() {
    return quorum;
  }

  /// Written so that 2W, which may pass 2^63, is never formed.
  static long quorum(long total) {
    return total / 3 * 2 + total % 3 * 2 / 3 + 1;
  }

  /// The index of the validator with this key, or -1.
  public int indexOf(Bytes key) {
    for (int i = 0; i < validators.size(); i++) {
      if (validators.get(i).key().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /// The SHA-256 of the set's canonical encoding, which headers carry.
  public Hash hash() {
    return hash;
  }
}
