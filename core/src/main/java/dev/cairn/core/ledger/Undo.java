package dev.cairn.core.ledger;

import dev.cairn.core.state.RecordEntry;
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

/// What a block replaced: `[[key, null or value or version], ...]`, ascending by key. Applied to
/// the state after the block it gives the state before.
///
/// Of a record the version is kept rather than the value, which the store has among the versions:
/// to write it once more would be a quarter of all that a block of records writes.
public record Undo(SortedMap<StateKey, Previous> previous) {

  /// What was under a key before the block.
  public sealed interface Previous {}

  /// Nothing.
  public enum Nothing implements Previous {
    NOTHING
  }

  /// A value.
  public record Value(Bytes bytes) implements Previous {}

  /// A record's version, for [ChainStore#recordVersion].
  public record Version(long version) implements Previous {}

  public Undo {
    previous = Collections.unmodifiableSortedMap(new TreeMap<>(previous));
  }

  static Undo of(List<StateChange> changes) {
    SortedMap<StateKey, Previous> previous = new TreeMap<>();
    changes.forEach(change -> previous.put(change.key(), previous(change)));
    return new Undo(previous);
  }

  private static Previous previous(StateChange change) {
    if (change.previous().isEmpty()) {
      return Nothing.NOTHING;
    }
    Bytes value = change.previous().get();
    return change.key().kind() == StateKey.RECORD
        ? new Version(RecordEntry.versionOf(value))
        : new Value(value);
  }

  /// The value that was under a key before the block.
  ///
  /// @param store has the versions of records
  public Optional<Bytes> value(StateKey key, ChainStore store) {
    return switch (previous.get(key)) {
      case null -> throw new IllegalArgumentException("the block did not change " + key);
      case Nothing _ -> Optional.empty();
      case Value(Bytes bytes) -> Optional.of(bytes);
      case Version(long version) -> store.recordVersion(key.bytes(), version);
    };
  }

  /// @throws dev.cairn.multiformats.MalformedException when the bytes are not one
  public static Undo decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    SortedMap<StateKey, Previous> previous = new TreeMap<>();
    for (int left = reader.array(); left > 0; left--) {
      reader.array(2);
      StateKey key = StateKey.of(Bytes.wrap(reader.bytes(StateKey.BYTES_MAX)));
      Previous value;
      if (reader.tryNull()) {
        value = Nothing.NOTHING;
      } else if (reader.peek() == CborReader.Type.UINT) {
        value = new Version(reader.uint());
      } else {
        value = new Value(Bytes.wrap(reader.bytes(Integer.MAX_VALUE)));
      }
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
      switch (entry.getValue()) {
        case Nothing _ -> writer.nul();
        case Value(Bytes bytes) -> writer.bytes(bytes.toArrayUnsafe());
        case Version(long version) -> writer.uint(version);
      }
    }
    return Bytes.wrap(writer.toBytes());
  }
}
