package dev.cairn.core.ledger;

import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.StateChange;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateView;
import dev.cairn.core.state.StateWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The state while a block is executed: what was read and written over the parent's state, with a
/// journal by which one transaction's writes are taken back.
final class BlockState implements StateWriter {

  /// A key that the block has touched.
  private static final class Slot {
    final Optional<Bytes> original;
    Optional<Bytes> value;

    Slot(Optional<Bytes> original) {
      this.original = original;
      this.value = original;
    }
  }

  private record Write(StateKey key, Slot slot, Optional<Bytes> replaced) {}

  private final StateView parent;
  private final Map<StateKey, Slot> slots = new HashMap<>();
  private final List<Write> journal = new ArrayList<>();
  private final List<RecordVersion> versions = new ArrayList<>();

  BlockState(StateView parent) {
    this.parent = parent;
  }

  @Override
  public Optional<Bytes> get(StateKey key) {
    return slot(key).value;
  }

  @Override
  public void put(StateKey key, Bytes value) {
    write(key, Optional.of(value));
  }

  @Override
  public void remove(StateKey key) {
    write(key, Optional.empty());
  }

  private void write(StateKey key, Optional<Bytes> value) {
    Slot slot = slot(key);
    journal.add(new Write(key, slot, slot.value));
    slot.value = value;
  }

  private Slot slot(StateKey key) {
    Slot slot = slots.get(key);
    if (slot == null) {
      slot = new Slot(parent.get(key));
      slots.put(key, slot);
    }
    return slot;
  }

  /// Keeps what was written since the last call of this or of [#rollBack].
  void keep() {
    for (Write write : journal) {
      int kind = write.key().kind();
      if ((kind == StateKey.RECORD || kind == StateKey.VALIDATOR_SET)
          && write.slot().value.isPresent()) {
        Bytes entry = write.slot().value.get();
        long version = kind == StateKey.RECORD ? RecordEntry.versionOf(entry) : 1;
        versions.add(new RecordVersion(write.key(), version, entry));
      }
    }
    journal.clear();
  }

  /// Takes back what was written since then.
  void rollBack() {
    for (Write write : journal.reversed()) {
      write.slot().value = write.replaced();
    }
    journal.clear();
  }

  /// What the block changes, ascending by key.
  List<StateChange> changes() {
    List<StateChange> changes = new ArrayList<>();
    slots.forEach(
        (key, slot) -> {
          if (!slot.value.equals(slot.original)) {
            changes.add(new StateChange(key, slot.value, slot.original));
          }
        });
    changes.sort((a, b) -> a.key().compareTo(b.key()));
    return changes;
  }

  /// Versions of records, and sets of validators, that were written, in the order of writing.
  List<RecordVersion> versions() {
    return versions;
  }
}
