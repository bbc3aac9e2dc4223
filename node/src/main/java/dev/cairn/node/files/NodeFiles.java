package dev.cairn.node.files;

import dev.cairn.core.Address;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.exchange.Exchange;
import dev.cairn.files.exchange.ExchangeParams;
import dev.cairn.files.exchange.ProviderPeer;
import dev.cairn.files.send.Offer;
import dev.cairn.files.send.OutboxOffer;
import dev.cairn.files.send.SendParams;
import dev.cairn.files.send.Sending;
import dev.cairn.files.store.FileStore;
import dev.cairn.files.store.FileStoreParams;
import dev.cairn.files.store.Hold;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.ImportOptions;
import dev.cairn.files.unixfs.Imported;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.kad.Kad;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.config.FilesConfig;
import dev.cairn.node.gateway.GatewayContent;
import dev.cairn.node.gateway.Names;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;

/// The files of a node: the store, what is exchanged with peers, what is sent and asked for.
///
/// ```
/// files/store       blocks and pins
/// files/downloads   what is under way
/// files/published   names that peers may ask for
/// files/offers      what is sent and received
/// inbox/PEER/NAME   what peers have sent
/// ```
public final class NodeFiles implements AutoCloseable {

  /// The longest wait for one block that a reader of the gateway has.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long FOLDER_ENTRIES_MAX = 1_000_000;
  private static final int FOLDERS_DEPTH_MAX = 256;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final ChainStore chain;
  private final FilesConfig config;
  private final FileStore store;
  private final BlockArrays arrays = new BlockArrays();
  private final ContentRouting routing;
  private final Exchange exchange;
  private final Downloads downloads;
  private final Sending sending;
  private final Published published;
  private final NameRequests requests;
  private final SecureRandom random = new SecureRandom();

  /// Opens the store and serves peers from now on; goes on with what a former run left.
  ///
  /// @param folder the node's
  /// @param dhts where roots are announced and providers found; empty to ask connected peers alone
  /// @param status makes the JSON that peers get who ask for `status`
  /// @throws StoreException when something is damaged, or another process has it
  public static NodeFiles open(
      Path folder,
      FilesConfig config,
      Host host,
      List<Kad> dhts,
      ChainStore chain,
      Supplier<String> status,
      Clock clock) {
    return new NodeFiles(folder, config, host, dhts, chain, status, clock);
  }

  private NodeFiles(
      Path folder,
      FilesConfig config,
      Host host,
      List<Kad> dhts,
      ChainStore chain,
      Supplier<String> status,
      Clock clock) {
    this.chain = chain;
    this.config = config;
    Path files = folder.resolve("files");
    DurableFiles.makeFolder(files);
    boolean opened = false;
    try {
      this.store =
          own(
              FileStore.open(
                  files.resolve("store"),
                  FileStoreParams.defaults().withQuota(config.quotaBytes())));
      this.routing = own(new ContentRouting(dhts));
      this.exchange = own(Exchange.start(host, store, routing, clock, ExchangeParams.STANDARD));
      this.downloads =
          own(new Downloads(exchange, store, routing::provide, files.resolve("downloads")));
      InboxDelivery delivery =
          new InboxDelivery(host, exchange, store, folder.resolve("inbox").toAbsolutePath());
      this.sending =
          own(
              Sending.start(
                  host,
                  config.inbox(),
                  SendParams.STANDARD,
                  clock,
                  files.resolve("offers"),
                  delivery,
                  delivery::used));
      this.published = new Published(files.resolve("published"));
      this.requests =
          own(new NameRequests(host, published, status, r -> record(r.owner(), r.name(), 0)));
      store.pins().forEach(pin -> routing.provide(pin.cid()));
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  public FileStore store() {
    return store;
  }

  public Downloads downloads() {
    return downloads;
  }

  public Sending sending() {
    return sending;
  }

  public Published published() {
    return published;
  }

  public NameRequests requests() {
    return requests;
  }

  /// Bytes of blocks that were sent to peers.
  public long sentBytes() {
    return exchange.sentBytes();
  }

  /// Blocks for the gateway.
  public GatewayContent content() {
    return network -> reader(network, PATIENCE);
  }

  private FileBlocks reader(boolean network, Duration patience) {
    return new FileBlocks(
        store, network ? Optional.of(exchange) : Optional.empty(), patience, arrays);
  }

  /// Reads files and folders, from here and from peers.
  ///
  /// @param network whether peers are asked for what is not here
  public <T> T read(boolean network, Reading<T> reading) throws IOException {
    try (FileBlocks blocks = reader(network, PATIENCE)) {
      return reading.of(new UnixFs(blocks));
    }
  }

  /// What is done with files and folders.
  @FunctionalInterface
  public interface Reading<T> {
    T of(UnixFs files) throws IOException;
  }

  /// Keeps a root that is here, or fetches and keeps it.
  public void pin(Cid root, String name) {
    store.pin(root, name);
    routing.provide(root);
  }

  /// False when it was not kept.
  public boolean unpin(Cid root) {
    routing.withdraw(root);
    return store.unpin(root);
  }

  /// Blocks that were stored by somebody else than the exchange: peers who wait for them are told,
  /// and the DHT that the roots are here.
  public void added(List<Cid> roots) {
    exchange.added(roots);
    roots.forEach(routing::provide);
  }

  /// Adds a file or folder that stays where it is: this node reads and hashes every byte itself.
  ///
  /// @param path absolute, below one of the folders that the settings allow
  /// @throws IOException when it may not be referred to, or cannot be read
  public Imported addInPlace(Path path, Profile profile, boolean hidden) throws IOException {
    Path real = path.toRealPath();
    boolean allowed = false;
    for (Path folder : config.inPlace()) {
      allowed |= real.startsWith(folder.toRealPath());
    }
    if (!allowed) {
      throw new IOException(
          path
              + " may not be left in place; list a folder above it in files_in_place of the node's"
              + " settings, or add it without --in-place");
    }
    try (Hold _ = store.hold()) {
      Imported imported =
          new Importer(profile, store)
              .addPath(real, ImportOptions.DEFAULTS.withInPlace(true).withHidden(hidden));
      Path name = real.getFileName();
      store.pin(imported.cid(), name == null ? "" : name.toString());
      added(List.of(imported.cid()));
      return imported;
    }
  }

  /// Offers something that is here to a peer.
  ///
  /// @param name under which the receiver gets it
  /// @throws IOException when it is not here whole, or is no file or folder
  public OutboxOffer send(PeerId to, Cid root, String name) throws IOException {
    UnixFs here = new UnixFs(store.source());
    Entry entry = here.stat(root);
    long[] sums = new long[2];
    measure(here, entry, sums, 0);
    byte[] id = new byte[16];
    random.nextBytes(id);
    Offer.Kind kind = entry.kind() == Entry.Kind.DIRECTORY ? Offer.Kind.FOLDER : Offer.Kind.FILE;
    return sending
        .outbox()
        .send(to, new Offer(Hex.encode(id), Offer.checkName(name), sums[0], root, kind));
  }

  private static void measure(UnixFs files, Entry entry, long[] sums, int depth)
      throws IOException {
    if (depth > FOLDERS_DEPTH_MAX) {
      throw new IOException("folders deeper than " + FOLDERS_DEPTH_MAX + " are not sent");
    }
    if (++sums[1] > FOLDER_ENTRIES_MAX) {
      throw new IOException("a folder of over " + FOLDER_ENTRIES_MAX + " entries is not sent");
    }
    if (entry.kind() == Entry.Kind.FILE) {
      sums[0] += entry.size();
    } else if (entry.kind() == Entry.Kind.DIRECTORY) {
      List<Cid> children = new ArrayList<>();
      files.forEach(entry.cid(), child -> children.add(child.cid()));
      for (Cid child : children) {
        measure(files, files.stat(child), sums, depth + 1);
      }
    }
  }

  /// Peers that say they have a root.
  ///
  /// @param most how long to look
  public List<ProviderPeer> providers(Cid root, Duration most) throws InterruptedException {
    List<ProviderPeer> found = new ArrayList<>();
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch over = new CountDownLatch(1);
    try (var _ =
        routing.find(
            root,
            peer -> {
              lock.lock();
              try {
                if (found.stream().noneMatch(f -> f.peer().equals(peer.peer()))) {
                  found.add(peer);
                }
              } finally {
                lock.unlock();
              }
            },
            over::countDown)) {
      boolean _ = over.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }
    lock.lock();
    try {
      return List.copyOf(found);
    } finally {
      lock.unlock();
    }
  }

  /// A record of the final state.
  ///
  /// @param version an earlier one; 0 for the latest
  Optional<RecordEntry> record(Address owner, String name, long version) {
    Bytes key = StateKey.record(owner, name).bytes();
    return (version > 0 ? chain.recordVersion(key, version) : chain.value(key))
        .map(RecordEntry::decode);
  }

  /// Records for the gateway.
  public Names names() {
    return (owner, name, version) ->
        record(Address.parse(owner), RecordEntry.checkName(name), version)
            .flatMap(
                entry ->
                    entry
                        .value()
                        .map(
                            value ->
                                switch (value) {
                                  case RecordValue.Link(Cid cid) ->
                                      new Names.Named.Link(cid, entry.version());
                                  case RecordValue.Inline(Bytes bytes) ->
                                      new Names.Named.Value(bytes, entry.version());
                                }));
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.getLogger(NodeFiles.class.getName())
            .log(System.Logger.Level.WARNING, "closing files failed", e);
      }
    }
  }
}
