package dev.cairn.core.state;

import dev.cairn.core.Address;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The state as it stands after some block, for reading.
public interface StateView {

  /// The value under a key, if there is one.
  Optional<Bytes> get(StateKey key);

  /// The account, which is empty when nobody has paid it yet.
  default Account account(Address address) {
    return get(StateKey.account(address)).map(Account::decode).orElse(Account.EMPTY);
  }

  /// The latest version of a record; a deleted one is there, with no value.
  default Optional<RecordEntry> record(Address owner, String name) {
    return get(StateKey.record(owner, name)).map(RecordEntry::decode);
  }

  /// The validator with this public key.
  default Optional<ValidatorEntry> validator(Bytes key) {
    return get(StateKey.validator(key)).map(value -> ValidatorEntry.decode(key, value));
  }

  /// All validators that have stake, ascending by key: those of the next set to be fixed.
  default List<ValidatorEntry> validators() {
    List<ValidatorEntry> validators = new ArrayList<>();
    for (Bytes key : keys(ValidatorEntry.KEYS)) {
      validator(key).ifPresent(validators::add);
    }
    return validators;
  }

  /// The validators' keys that a parameter lists, ascending; none when there is no such parameter.
  default List<Bytes> keys(StateKey parameter) {
    Optional<Bytes> list = get(parameter);
    if (list.isEmpty()) {
      return List.of();
    }
    CborReader reader = new CborReader(list.get().toArrayUnsafe());
    List<Bytes> keys = new ArrayList<>();
    for (int left = reader.array(); left > 0; left--) {
      keys.add(Bytes.wrap(reader.bytesOf(ValidatorEntry.KEY_BYTES)));
    }
    return keys;
  }
}
