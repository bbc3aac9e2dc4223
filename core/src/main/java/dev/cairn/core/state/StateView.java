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

  /// All validators, ascending by key.
  default List<ValidatorEntry> validators() {
    Optional<Bytes> keys = get(ValidatorEntry.KEYS);
    if (keys.isEmpty()) {
      return List.of();
    }
    CborReader reader = new CborReader(keys.get().toArrayUnsafe());
    List<ValidatorEntry> validators = new ArrayList<>();
    for (int left = reader.array(); left > 0; left--) {
      validator(Bytes.wrap(reader.bytesOf(ValidatorEntry.KEY_BYTES))).ifPresent(validators::add);
    }
    return validators;
  }
}
