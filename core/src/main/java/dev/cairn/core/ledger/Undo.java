package dev.cairn.core.ledger;

import dev.cairn.core.state.StateChange;
import dev.cairn.core.state.StateKey;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/// The values that a block replaced: `[[key, value or null], ...]`, ascending by key. Applied to
/// the state after the block it gives the state before.
public record Undo(SortedMap<StateKey, Optional<Bytes>> previous) {

  public Undo {
    previous = Collections.unmodifiableSortedMap(new TreeMap<>(previous));
  }

  static Undo of(List<StateChange> changes) {
    SortedMap<StateKey, Optional<Bytes>> previous = new TreeMap<>();
    changes.forEach(change -> previous.put(change.key(), change.previous()));
    return new Undo(previous);
  }

  /// @throws dev.cairn.multiformats.MalformedException when the bytes are not one
  public static Undo decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    SortedMap<StateKey, Optional<Bytes>> previous = new TreeMap<>();
    for (int left = reader.array(); left > 0; left--) {
      reader.array(2);
      StateKey key = StateKey.of(Bytes.wrap(reader.bytes(StateKey.BYTES_MAX)));
      Optional<Bytes> value =
          reader.tryNull()
              ? Optional.empty()
              : Optional.of(Bytes.wrap(reader.bytes(Integer.MAX_VALUE)));
      if (!previous.isEmpty() && previous.lastKey().compareTo(key) >= 0) {
        throw new MalformedException("the keys of an undo ascend");
      }
      previous.put(key, value);
    }
    reader.end();
    return new Undo(previous);
  }

  public Bytes encode() {
    CborWriter writer = new CborWriter().array(previous.size());
    for (var entry : previous.entrySet()) {
      writer.array(2).bytes(entry.getKey().bytes().toArrayUnsafe());
      entry.getValue().ifPresentOrElse(value -> writer.bytes(value.toArrayUnsafe()), writer::nul);
    }
    return Bytes.wrap(writer.toBytes());
  }
}
