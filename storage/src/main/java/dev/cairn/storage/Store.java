package dev.cairn.storage;

import dev.cairn.core.Hash;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.core.ledger.RecordVersion;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.ledger.TxLocation;
import dev.cairn.core.state.RowChange;
import dev.cairn.core.state.StateChange;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.storage.Schema.HeaderRow;
import dev.cairn.storage.Schema.TransactionRow;
import dev.cairn.storage.Schema.VersionKey;
import dev.cairn.storage.files.DurableFiles;
import dev.cairn.storage.files.FolderLock;
import dev.cairn.storage.files.Witness;
import dev.cairn.storage.rocks.Rocks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// The final chain and its state in a folder:
///
/// - `FORMAT`: the layout's version and the chain's id
/// - `LOCK`, `HOLDER`: the process that has the folder
/// - `HEAD`: a witness of the last final block, outside the database, whose log may lose its last
///   record whole without noticing
/// - `rocks`: the database
///
/// Owner: the ledger's thread, which alone commits; any thread may read.
public final class Store implements ChainStore, AutoCloseable {

  private static final String DATABASE = "rocks";
  private static final String WITNESS = "HEAD";

  /// The witness of a store without a block.
  private static final byte[] NO_HEAD = {};

  private final StoreParams params;
  private final FolderLock lock;
  private final Witness witness;
  private final Rocks rocks;
  private volatile @Nullable FinalHead head;

  private Store(
      StoreParams params, FolderLock lock, Witness witness, Rocks rocks, @Nullable FinalHead head) {
    this.params = params;
    this.lock = lock;
    this.witness = witness;
    this.rocks = rocks;
    this.head = head;
  }

  /// Whether the folder holds a store, whole or not.
  public static boolean exists(Path folder) {
    return StoreFormat.exists(folder) || Rocks.exists(folder.resolve(DATABASE));
  }

  /// Opens the store of a chain, or makes one where there is none.
  ///
  /// @throws StoreException when the folder is in use, damaged, of another chain or format, or
  ///   cannot be written
  public static Store open(Path folder, Hash chainId, StoreParams params) {
    DurableFiles.makeFolder(folder);
    if (!Files.isWritable(folder)) {
      throw new StoreException(
          folder + " cannot be written: it is read-only or belongs to another user");
    }
    FolderLock lock = FolderLock.take(folder);
    try {
      return open(folder, chainId, params, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Store open(Path folder, Hash chainId, StoreParams params, FolderLock lock) {
    Path database = folder.resolve(DATABASE);
    Path witnessFile = folder.resolve(WITNESS);
    if (!StoreFormat.exists(folder)) {
      if (Rocks.exists(database)) {
        throw StoreException.damaged(folder, "its file FORMAT is missing");
      }
      Witness.create(witnessFile, NO_HEAD).close();
      StoreFormat.write(folder, chainId);
    }
    StoreFormat.check(folder, chainId);
    Witness witness =
        Witness.openIfPresent(witnessFile)
            .orElseThrow(() -> StoreException.damaged(folder, "its file HEAD is missing"));
    try {
      if (witness.read().length > 0 && !Rocks.exists(database)) {
        throw StoreException.damaged(folder, "its database is missing");
      }
      Rocks rocks = Rocks.open(database, Schema.ALL, params);
      try {
        checkChain(folder, rocks, chainId);
        Optional<FinalHead> head = rocks.get(Schema.HEADS, Schema.HEAD_KEY);
        checkHead(folder, head, witness);
        return new Store(params, lock, witness, rocks, head.orElse(null));
      } catch (RuntimeException e) {
        rocks.close();
        throw e;
      }
    } catch (RuntimeException e) {
      witness.close();
      throw e;
    }
  }

  private static void checkChain(Path folder, Rocks rocks, Hash chainId) {
    Optional<byte[]> chain = rocks.get(Schema.META, Schema.CHAIN_KEY);
    if (chain.isEmpty()) {
      rocks.write(batch -> batch.put(Schema.META, Schema.CHAIN_KEY, chainId.bytes()));
    } else if (!Arrays.equals(chain.get(), chainId.bytes())) {
      throw StoreException.damaged(folder, "its database belongs to another chain");
    }
  }

  private static void checkHead(Path folder, Optional<FinalHead> head, Witness witness) {
    byte[] known = witness.read();
    if (known.length == 0) {
      return;
    }
    FinalHead last = Schema.head(known);
    if (head.isEmpty() || head.get().height() < last.height()) {
      throw StoreException.damaged(
          folder,
          "block "
              + last.height()
              + " was final, and the database ends at "
              + head.map(h -> "block " + h.height()).orElse("nothing"));
    }
    if (head.get().height() == last.height() && !head.get().equals(last)) {
      throw StoreException.damaged(
          folder, "the database's block " + last.height() + " is not the one that was final");
    }
  }

  @Override
  public Optional<FinalHead> head() {
    return Optional.ofNullable(head);
  }

  @Override
  public Optional<Bytes> value(Bytes stateKey) {
    return rocks.get(Schema.STATE, stateKey);
  }

  @Override
  public Optional<Bytes> node(Bytes path) {
    return rocks.get(Schema.NODES, path);
  }

  @Override
  public Optional<StoredBlock> block(Cid id) {
    Optional<HeaderRow> header = rocks.get(Schema.HEADERS, id);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new StoredBlock(header.get().header(), body(id), header.get().certificate()));
  }

  private Bytes body(Cid block) {
    return rocks
        .get(Schema.BODIES, block)
        .orElseThrow(() -> new StoreException("the store lacks the body of block " + block));
  }

  @Override
  public Optional<Cid> blockAt(long height) {
    return height < 0 ? Optional.empty() : rocks.get(Schema.HEIGHTS, height);
  }

  @Override
  public Optional<TxLocation> transaction(Cid id) {
    Optional<TransactionRow> row = rocks.get(Schema.TRANSACTIONS, id);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    long height = row.get().height();
    Cid block =
        blockAt(height).orElseThrow(() -> new StoreException("the store lacks block " + height));
    return Optional.of(new TxLocation(block, height, row.get().index()));
  }

  @Override
  public Optional<Bytes> recordVersion(Bytes stateKey, long version) {
    return rocks.get(Schema.VERSIONS, new VersionKey(stateKey, version)).map(this::entry);
  }

  private Bytes entry(VersionRow row) {
    return switch (row) {
      case VersionRow.Whole(Bytes entry) -> entry;
      case VersionRow.Part part -> {
        Cid block =
            blockAt(part.height())
                .orElseThrow(() -> new StoreException("the store lacks block " + part.height()));
        try {
          yield part.entry(body(block));
        } catch (MalformedException e) {
          throw new StoreException("the store's version of a record is damaged: " + e.getMessage());
        }
      }
    };
  }

  @Override
  public Optional<Bytes> undo(long height) {
    return height < 0 ? Optional.empty() : rocks.get(Schema.UNDO, height);
  }

  /// @throws IllegalStateException when the block does not follow the head
  @Override
  public void commit(Commit commit) {
    FinalHead before = head;
    long expected = before == null ? 0 : before.height() + 1;
    if (commit.height() != expected) {
      throw new IllegalStateException(
          "a commit of height " + commit.height() + " where " + expected + " is next");
    }
    FinalHead after = commit.head();
    rocks.write(
        batch -> {
          fill(batch, commit);
          batch.put(Schema.HEADS, Schema.HEAD_KEY, after);
        });
    head = after;
    witness.write(Schema.encode(after));
  }

  private void fill(Rocks.Batch batch, Commit commit) {
    StoredBlock block = commit.block();
    batch.put(Schema.HEADERS, commit.id(), new HeaderRow(block.header(), block.certificate()));
    batch.put(Schema.BODIES, commit.id(), block.body());
    batch.put(Schema.HEIGHTS, commit.height(), commit.id());
    for (StateChange change : commit.changes()) {
      Bytes key = change.key().bytes();
      change
          .value()
          .ifPresentOrElse(
              value -> batch.put(Schema.STATE, key, value), () -> batch.delete(Schema.STATE, key));
    }
    for (RowChange row : commit.rows()) {
      row.row()
          .ifPresentOrElse(
              value -> batch.put(Schema.NODES, row.path(), value),
              () -> batch.delete(Schema.NODES, row.path()));
    }
    for (int i = 0; i < commit.transactions().size(); i++) {
      TransactionRow row = new TransactionRow(commit.height(), i);
      batch.put(Schema.TRANSACTIONS, commit.transactions().get(i), row);
    }
    VersionRows versions = new VersionRows(commit);
    for (RecordVersion version : commit.versions()) {
      VersionKey key = new VersionKey(version.key().bytes(), version.version());
      batch.put(Schema.VERSIONS, key, versions.next(version));
    }
    batch.put(Schema.UNDO, commit.height(), commit.undo().encode());
    if (commit.height() >= params.undoBlocks()) {
      batch.delete(Schema.UNDO, commit.height() - params.undoBlocks());
    }
  }

  @Override
  public void close() {
    rocks.close();
    witness.close();
    lock.close();
  }
}
