package dev.cairn.node.files;

import dev.cairn.core.Address;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;

/// What this node answers when a peer asks it for a name. Called from any thread; on disk before it
/// is answered.
public final class Published {

  /// Names that one node publishes.
  public static final int NAMES_MAX = 1_024;

  /// The longest value, in bytes.
  public static final int VALUE_BYTES_MAX = 64 << 10;

  private static final long FILE_BYTES_MAX = 128L << 20;

  /// What stands behind a name.
  public sealed interface Thing {

    /// Bytes, given as they are.
    record Value(Bytes bytes) implements Thing {}

    /// A file or folder, given as its CID.
    record Content(Cid cid) implements Thing {}

    /// A record of the chain, given as this node's final state has it.
    record ChainRecord(Address owner, String name) implements Thing {}
  }

  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Thing> things = new TreeMap<>();

  /// @throws StoreException when the file is damaged
  Published(Path file) {
    this.file = file;
    load();
  }

  /// Publishes something under a name, in place of what was there.
  ///
  /// @param name 1 to 128 bytes, as a record's
  /// @throws MalformedException when the name or the value is none
  public void put(String name, Thing thing) {
    String checked = RecordEntry.checkName(name);
    if (thing instanceof Thing.Value(Bytes bytes) && bytes.size() > VALUE_BYTES_MAX) {
      throw new MalformedException("a published value has at most " + VALUE_BYTES_MAX + " bytes");
    }
    lock.lock();
    try {
      if (things.size() >= NAMES_MAX && !things.containsKey(checked)) {
        throw new MalformedException("a node publishes at most " + NAMES_MAX + " names");
      }
      things.put(checked, thing);
      save();
    } finally {
      lock.unlock();
    }
  }

  /// False when nothing was published under the name.
  public boolean remove(String name) {
    lock.lock();
    try {
      boolean removed = things.remove(name) != null;
      if (removed) {
        save();
      }
      return removed;
    } finally {
      lock.unlock();
    }
  }

  public Optional<Thing> get(String name) {
    lock.lock();
    try {
      return Optional.ofNullable(things.get(name));
    } finally {
      lock.unlock();
    }
  }

  /// Everything that is published, by name.
  public Map<String, Thing> all() {
    lock.lock();
    try {
      return new TreeMap<>(things);
    } finally {
      lock.unlock();
    }
  }

  private void save() {
    CborWriter writer = new CborWriter().array(things.size());
    things.forEach(
        (name, thing) -> {
          switch (thing) {
            case Thing.Value(Bytes bytes) ->
                writer.array(3).text(name).uint(0).bytes(bytes.toArrayUnsafe());
            case Thing.Content(Cid cid) -> writer.array(3).text(name).uint(1).link(cid);
            case Thing.ChainRecord(Address owner, String record) ->
                writer.array(4).text(name).uint(2).bytes(owner.publicKey()).text(record);
          }
        });
    DurableFiles.replace(file, writer.toBytes());
  }

  private void load() {
    if (!Files.exists(file)) {
      return;
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw StoreException.damaged(file, "it has over " + FILE_BYTES_MAX + " bytes");
      }
      CborReader reader = new CborReader(Files.readAllBytes(file));
      int count = reader.array();
      for (int i = 0; i < count; i++) {
        int items = reader.array();
        String name = reader.text(RecordEntry.NAME_BYTES_MAX);
        long kind = reader.uint(2);
        things.put(name, thing(reader, kind));
        if (items != (kind == 2 ? 4 : 3)) {
          throw new MalformedException("an entry of " + items + " items");
        }
      }
      reader.end();
    } catch (MalformedException e) {
      throw StoreException.damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  private static Thing thing(CborReader reader, long kind) {
    return switch ((int) kind) {
      case 0 -> new Thing.Value(Bytes.wrap(reader.bytes(VALUE_BYTES_MAX)));
      case 1 -> new Thing.Content(reader.link());
      default ->
          new Thing.ChainRecord(
              Address.of(reader.bytesOf(Address.BYTES)), reader.text(RecordEntry.NAME_BYTES_MAX));
    };
  }
}
