package dev.cairn.node.files;

import dev.cairn.files.exchange.Download;
import dev.cairn.files.exchange.DownloadOptions;
import dev.cairn.files.exchange.Exchange;
import dev.cairn.files.exchange.ExchangeException;
import dev.cairn.files.exchange.Progress;
import dev.cairn.files.exchange.ProviderPeer;
import dev.cairn.files.send.Delivery;
import dev.cairn.files.send.InboxOffer;
import dev.cairn.files.send.Offer;
import dev.cairn.files.send.SendException;
import dev.cairn.files.store.FileStore;
import dev.cairn.files.store.Hold;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.Export;
import dev.cairn.files.unixfs.ExportOptions;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.files.unixfs.UnixFsException;
import dev.cairn.libp2p.host.Host;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Fetches what a peer sends from that peer alone, and puts it into the inbox, in a folder named
/// after the sender.
///
/// The blocks are pinned until the file is written, so a restart goes on with them, and left to the
/// next collection afterwards.
final class InboxDelivery implements Delivery {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final long ENTRIES_MAX = 100_000;

  /// What blocks may take beyond the content that was offered: an eighth, for links and names.
  private static final long OVERHEAD_BYTES = 4L << 20;

  private static final int NAMES_MAX = 10_000;

  private final Host host;
  private final Exchange exchange;
  private final FileStore store;
  private final Path inbox;

  /// From the choice of a free name until something has it: two offers may have the same.
  private final ReentrantLock exporting = new ReentrantLock();

  InboxDelivery(Host host, Exchange exchange, FileStore store, Path inbox) {
    this.host = host;
    this.exchange = exchange;
    this.store = store;
    this.inbox = inbox;
  }

  /// Bytes of all files in the inbox.
  long used() {
    if (!Files.isDirectory(inbox)) {
      return 0;
    }
    long[] sum = new long[1];
    try {
      Files.walkFileTree(
          inbox,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // removed meanwhile
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
              return FileVisitResult.CONTINUE; // also when it was removed meanwhile
            }
          });
      return sum[0];
    } catch (IOException e) {
      throw StoreException.of(inbox, e);
    }
  }

  @Override
  public Path fetch(InboxOffer offer, LongConsumer progress)
      throws IOException, InterruptedException {
    Cid root = offer.offer().root();
    try (Hold _ = store.hold()) {
      if (store.pinned(root).isEmpty()) {
        store.pin(root, pinName(offer));
      }
      host.connect(offer.from(), List.of());
      download(offer, progress);
      Path path = export(offer);
      over(offer);
      return path;
    } catch (UnixFsException | MalformedException | StoreException e) {
      throw new SendException(String.valueOf(e.getMessage()));
    }
  }

  private static String pinName(InboxOffer offer) {
    return "inbox " + offer.key();
  }

  /// Unpins what this has pinned; a pin of the user's, which has another name, stays.
  @Override
  public void over(InboxOffer offer) {
    Cid root = offer.offer().root();
    if (store.pinned(root).filter(p -> p.name().equals(pinName(offer))).isPresent()) {
      boolean _ = store.unpin(root);
    }
  }

  private void download(InboxOffer offer, LongConsumer progress)
      throws IOException, InterruptedException {
    long size = offer.offer().size();
    long most = size + size / 8 + OVERHEAD_BYTES;
    DownloadOptions options =
        DownloadOptions.STANDARD
            .withOnlyFrom(List.of(new ProviderPeer(offer.from(), List.of())))
            .withPatience(PATIENCE)
            .withBytesMax(most);
    try (Download download = exchange.download(offer.offer().root(), options)) {
      boolean checked = false;
      while (true) {
        Progress now = download.await(GLANCE);
        progress.accept(Math.min(now.bytes(), size));
        if (!checked && store.has(offer.offer().root())) {
          requireOffered(offer.offer());
          checked = true;
        }
        if (now.done()) {
          return;
        }
      }
    } catch (ExchangeException e) {
      if (String.valueOf(e.getMessage()).contains("has more than")) {
        throw new SendException("it has more bytes than were offered");
      }
      throw e;
    }
  }

  /// A file's root tells its size: no need to fetch what would be refused.
  private void requireOffered(Offer offer) throws IOException {
    Entry entry = new UnixFs(store.source()).stat(offer.root());
    boolean folder = entry.kind() == Entry.Kind.DIRECTORY;
    if (folder != (offer.kind() == Offer.Kind.FOLDER) || entry.kind() == Entry.Kind.SYMLINK) {
      throw new SendException("it is not the kind of thing that was offered");
    }
    if (!folder && entry.size() != offer.size()) {
      throw new SendException(
          "it has " + entry.size() + " bytes and not the " + offer.size() + " that were offered");
    }
  }

  private Path export(InboxOffer offer) throws IOException {
    requireOffered(offer.offer());
    exporting.lock();
    try {
      return exportAlone(offer);
    } finally {
      exporting.unlock();
    }
  }

  private Path exportAlone(InboxOffer offer) throws IOException {
    Path folder = inbox.resolve(offer.from().toString());
    Files.createDirectories(folder);
    Path target = free(folder, offer.offer().name());
    ExportOptions options =
        ExportOptions.DEFAULTS.withSymlinks(false).withLimits(offer.offer().size(), ENTRIES_MAX);
    new Export(store.source(), options).to(offer.offer().root(), target);
    return target;
  }

  /// The name, or the first of `name (2)`, `name (3)`, ... that is free.
  private static Path free(Path folder, String name) throws IOException {
    Offer.checkName(name);
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String ending = dot > 0 ? name.substring(dot) : "";
    Path path = folder.resolve(name);
    for (int i = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++) {
      if (i > NAMES_MAX) {
        throw new SendException("the inbox has too many files of that name");
      }
      path = folder.resolve(stem + " (" + i + ")" + ending);
    }
    if (!path.normalize().startsWith(folder)) {
      throw new SendException("its name leads out of the inbox");
    }
    return path;
  }
}
