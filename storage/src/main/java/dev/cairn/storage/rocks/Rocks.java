package dev.cairn.storage.rocks;

import dev.cairn.crypto.NativeCache;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.StoreParams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.rocksdb.util.Environment;

/// A RocksDB with typed columns. Safe for use from several threads; a call after, or during,
/// [#close] is refused instead of touching freed memory.
public final class Rocks implements AutoCloseable {

  private final Path folder;
  private final RocksOptions options;
  private final RocksDB database;
  private final Map<String, ColumnFamilyHandle> families;
  private final WriteOptions synced;
  private final WriteOptions unsynced;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;
  private volatile boolean failed;

  private Rocks(
      Path folder,
      RocksOptions options,
      RocksDB database,
      Map<String, ColumnFamilyHandle> families) {
    this.folder = folder;
    this.options = options;
    this.database = database;
    this.families = families;
    this.synced = new WriteOptions().setSync(true);
    this.unsynced = new WriteOptions().setSync(false);
  }

  /// Whether the folder holds a database, whole or not.
  public static boolean exists(Path folder) {
    return Files.exists(folder.resolve("CURRENT"));
  }

  /// Opens the database, or makes one in an empty folder.
  ///
  /// @throws StoreException when it is damaged, in use, or cannot be written
  public static Rocks open(Path folder, List<Column<?, ?>> schema, StoreParams params) {
    loadLibrary();
    RocksOptions options = new RocksOptions(params);
    try {
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options.family()));
      for (Column<?, ?> column : schema) {
        descriptors.add(
            new ColumnFamilyDescriptor(
                column.name().getBytes(StandardCharsets.US_ASCII),
                column.large() ? options.large() : options.family()));
      }
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      RocksDB database = RocksDB.open(options.database(), folder.toString(), descriptors, handles);
      Map<String, ColumnFamilyHandle> families = new HashMap<>();
      for (int i = 0; i < schema.size(); i++) {
        families.put(schema.get(i).name(), handles.get(i + 1));
      }
      return new Rocks(folder, options, database, families);
    } catch (RocksDBException e) {
      options.close();
      throw failure(folder, e);
    }
  }

  private static void loadLibrary() {
    String name = Environment.getJniLibraryName("rocksdb");
    boolean _ =
        NativeCache.place(RocksDB.class, Environment.getJniLibraryFileName("rocksdb"), name);
    try {
      RocksDB.loadLibrary();
    } catch (LinkageError | RuntimeException e) {
      throw new StoreException("RocksDB does not run on this computer: " + e.getMessage(), e);
    }
  }

  /// The value under a key.
  ///
  /// @throws StoreException when the stored bytes are damaged
  public <K, V> Optional<V> get(Column<K, V> column, K key) {
    open.readLock().lock();
    try {
      guard();
      byte @Nullable [] value = database.get(family(column), column.key().encode().apply(key));
      return value == null ? Optional.empty() : Optional.of(decode(column.value(), value, column));
    } catch (RocksDBException e) {
      throw failure(folder, e);
    } finally {
      open.readLock().unlock();
    }
  }

  /// Visits the entries from a key on, in the order of the keys' bytes, until the visitor says
  /// false.
  ///
  /// @throws StoreException when the stored bytes are damaged
  public <K, V> void scan(Column<K, V> column, K from, BiPredicate<K, V> visitor) {
    open.readLock().lock();
    try {
      guard();
      try (RocksIterator entries = database.newIterator(family(column))) {
        entries.seek(column.key().encode().apply(from));
        while (entries.isValid()) {
          K key = decode(column.key(), entries.key(), column);
          if (!visitor.test(key, decode(column.value(), entries.value(), column))) {
            return;
          }
          entries.next();
        }
        entries.status(); // the only place that tells a damaged block from the end
      }
    } catch (RocksDBException e) {
      throw failure(folder, e);
    } finally {
      open.readLock().unlock();
    }
  }

  /// Writes all that the action puts into a batch, or nothing. It is durable when this returns;
  /// when it throws a [StoreException], nobody knows whether it is, and nothing more can be
  /// written.
  public void write(Consumer<Batch> action) {
    write(action, synced);
  }

  /// The same, but durable only with the next [#write]: until then the batch, whole, survives the
  /// end of this process however it comes, and may vanish in a power cut, with all written after
  /// it. For what can be made again.
  public void writeSoon(Consumer<Batch> action) {
    write(action, unsynced);
  }

  private void write(Consumer<Batch> action, WriteOptions durability) {
    open.readLock().lock();
    try (WriteBatch batch = new WriteBatch()) {
      guard();
      if (failed) {
        throw new StoreException(
            folder + " could not be written before; the node has to be started again");
      }
      action.accept(new Batch(batch));
      database.write(durability, batch);
    } catch (RocksDBException e) {
      failed = true;
      throw failure(folder, e);
    } finally {
      open.readLock().unlock();
    }
  }

  private ColumnFamilyHandle family(Column<?, ?> column) {
    ColumnFamilyHandle handle = families.get(column.name());
    if (handle == null) {
      throw new IllegalArgumentException("not in the schema: " + column.name());
    }
    return handle;
  }

  private <T> T decode(Codec<T> codec, byte[] bytes, Column<?, ?> column) {
    try {
      return codec.decode().apply(bytes);
    } catch (RuntimeException e) {
      throw StoreException.damaged(folder, "column " + column.name() + ": " + e.getMessage());
    }
  }

  private void guard() {
    if (closed) {
      throw new StoreException(folder + " is closed");
    }
  }

  private static StoreException failure(Path folder, RocksDBException e) {
    String text = String.valueOf(e.getMessage());
    String lower = text.toLowerCase(Locale.ROOT);
    Status status = e.getStatus();
    if (lower.contains("no space left") || lower.contains("nospace")) {
      return new StoreException("the disk that holds " + folder + " is full; make room on it", e);
    }
    if (lower.contains("permission denied") || lower.contains("read-only file system")) {
      return new StoreException(
          folder + " cannot be written: it is read-only or belongs to another user", e);
    }
    if (lower.contains("too many open files")) {
      return new StoreException(folder + ": the system allows too few open files", e);
    }
    boolean damage =
        lower.contains("corrupt") || (status != null && status.getCode() == Status.Code.Corruption);
    return damage
        ? StoreException.damaged(folder, text)
        : new StoreException(folder + " cannot be used: " + text, e);
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        families.values().forEach(ColumnFamilyHandle::close);
        synced.close();
        unsynced.close();
        database.close();
        options.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }

  /// Writes that happen together; only good within the action that it was given to.
  public final class Batch {

    private final WriteBatch batch;

    private Batch(WriteBatch batch) {
      this.batch = batch;
    }

    /// Sets a value.
    public <K, V> void put(Column<K, V> column, K key, V value) {
      try {
        batch.put(
            family(column), column.key().encode().apply(key), column.value().encode().apply(value));
      } catch (RocksDBException e) {
        throw failure(folder, e);
      }
    }

    /// Removes a key, present or not.
    public <K> void delete(Column<K, ?> column, K key) {
      try {
        batch.delete(family(column), column.key().encode().apply(key));
      } catch (RocksDBException e) {
        throw failure(folder, e);
      }
    }
  }
}
