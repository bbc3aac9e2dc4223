package dev.cairn.node.files;

import dev.cairn.files.exchange.Download;
import dev.cairn.files.exchange.DownloadOptions;
import dev.cairn.files.exchange.Exchange;
import dev.cairn.files.exchange.ExchangeException;
import dev.cairn.files.exchange.Progress;
import dev.cairn.files.exchange.ProviderPeer;
import dev.cairn.files.store.FileStore;
import dev.cairn.files.store.Hold;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// DAGs that somebody has asked for. Each is fetched until it is here, and goes on after a restart;
/// those that are over are remembered for a while, with who gave what.
///
/// Called from any thread; one virtual thread waits for each download.
public final class Downloads implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Downloads.class.getName());

  /// Under way at once.
  public static final int RUNNING_MAX = 64;

  private static final int REMEMBERED_MAX = 256;
  private static final int NAME_BYTES_MAX = 1_024;
  private static final int FROM_MAX = 64;
  private static final long FILE_BYTES_MAX = 4L << 20;

  /// What is wanted.
  ///
  /// @param name of the pin, for a person
  /// @param pin whether it is kept
  /// @param from peers known to have it
  /// @param onlyFrom whether nobody else is asked
  public record Wanted(Cid root, String name, boolean pin, List<PeerId> from, boolean onlyFrom) {
    public Wanted {
      from = List.copyOf(from);
      if (from.size() > FROM_MAX) {
        throw new IllegalArgumentException("at most " + FROM_MAX + " peers can be named");
      }
    }

    private void write(CborWriter writer) {
      writer.array(5).link(root).text(name).bool(pin).array(from.size());
      from.forEach(p -> writer.bytes(p.bytes()));
      writer.bool(onlyFrom);
    }

    private static Wanted read(CborReader reader) {
      reader.array(5);
      Cid root = reader.link();
      String name = reader.text(NAME_BYTES_MAX);
      boolean pin = reader.bool();
      int count = reader.array();
      List<PeerId> from = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        from.add(PeerId.decode(reader.bytes(PeerId.TEXT_CHARS_MAX)));
      }
      return new Wanted(root, name, pin, from, reader.bool());
    }
  }

  /// How far it has come.
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }

  /// A download at one moment.
  ///
  /// @param reason why it failed, else empty
  /// @param missing whether that is only that nobody gave it
  public record View(
      Wanted wanted, State state, String reason, boolean missing, Progress progress) {}

  private static final class Job {
    final Wanted wanted;
    final Download download;
    State state = State.RUNNING;
    String reason = "";
    boolean missing;

    Job(Wanted wanted, Download download) {
      this.wanted = wanted;
      this.download = download;
    }

    View view() {
      return new View(wanted, state, reason, missing, download.progress());
    }
  }

  private final Exchange exchange;
  private final FileStore store;
  private final Consumer<Cid> onPinned;
  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Cid, Job> jobs = new LinkedHashMap<>();
  private boolean closed;

  /// @param onPinned told of a root that is here whole and kept
  /// @param file where those under way are kept
  /// @throws StoreException when the file is damaged
  Downloads(Exchange exchange, FileStore store, Consumer<Cid> onPinned, Path file) {
    this.exchange = exchange;
    this.store = store;
    this.onPinned = onPinned;
    this.file = file;
    List<Wanted> left = load();
    lock.lock();
    try {
      left.forEach(wanted -> begin(wanted, DownloadOptions.STANDARD));
    } finally {
      lock.unlock();
    }
  }

  /// Begins to fetch; joins a download of the same root that is under way.
  ///
  /// @param wait how long to wait for what nobody has; zero to end as soon as that is known
  /// @throws IllegalStateException when too many are
  public View start(Wanted wanted, Duration wait) {
    lock.lock();
    try {
      Job known = jobs.get(wanted.root());
      if (known != null && known.state == State.RUNNING) {
        return known.view();
      }
      if (running().size() >= RUNNING_MAX) {
        throw new IllegalStateException("at most " + RUNNING_MAX + " downloads run at once");
      }
      Job job = begin(wanted, options(wait));
      forgetOldest();
      save();
      return job.view();
    } finally {
      lock.unlock();
    }
  }

  private static DownloadOptions options(Duration wait) {
    DownloadOptions options = DownloadOptions.STANDARD;
    if (wait.isZero()) {
      return options.withPrompt();
    }
    return options.patience().compareTo(wait) < 0 ? options.withPatience(wait) : options;
  }

  /// With the lock. Not saved: a node that is killed while it starts loses none of those it had.
  private Job begin(Wanted wanted, DownloadOptions base) {
    Hold hold = store.hold();
    boolean begun = false;
    try {
      List<ProviderPeer> from =
          wanted.from().stream().map(p -> new ProviderPeer(p, List.of())).toList();
      DownloadOptions options = wanted.onlyFrom() ? base.withOnlyFrom(from) : base.withFrom(from);
      if (wanted.pin()) {
        store.pin(wanted.root(), wanted.name());
      }
      Job job = new Job(wanted, exchange.download(wanted.root(), options));
      jobs.remove(wanted.root());
      jobs.put(wanted.root(), job);
      Thread.ofVirtual().name("download of " + wanted.root()).start(() -> await(job, hold));
      begun = true;
      return job;
    } finally {
      if (!begun) {
        hold.close(); // or nothing would be collected any more
      }
    }
  }

  private void await(Job job, Hold hold) {
    try (hold) {
      job.download.await();
      store.sync();
      settle(job, State.DONE, "");
      if (job.wanted.pin()) {
        onPinned.accept(job.wanted.root());
      }
    } catch (ExchangeException e) {
      job.missing = e.isMissing();
      settle(job, State.FAILED, String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      settle(job, State.FAILED, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void settle(Job job, State state, String reason) {
    lock.lock();
    try {
      if (closed) {
        return; // it goes on after the next start
      }
      job.state = state;
      job.reason = reason;
      save();
    } catch (StoreException e) {
      LOG.log(Level.WARNING, "which downloads are over is not on disk: " + e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  public Optional<View> get(Cid root) {
    lock.lock();
    try {
      return Optional.ofNullable(jobs.get(root)).map(Job::view);
    } finally {
      lock.unlock();
    }
  }

  /// Those under way and those that are over and remembered, oldest first.
  public List<View> all() {
    lock.lock();
    try {
      return jobs.values().stream().map(Job::view).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Gives up; false when no such download is under way.
  public boolean cancel(Cid root) {
    lock.lock();
    try {
      Job job = jobs.get(root);
      if (job == null || job.state != State.RUNNING) {
        return false;
      }
      job.download.close();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private List<Job> running() {
    return jobs.values().stream().filter(j -> j.state == State.RUNNING).toList();
  }

  private void forgetOldest() {
    if (jobs.size() > REMEMBERED_MAX) {
      jobs.values().stream()
          .filter(j -> j.state != State.RUNNING)
          .findFirst()
          .ifPresent(j -> jobs.remove(j.wanted.root()));
    }
  }

  private void save() {
    List<Job> running = running();
    CborWriter writer = new CborWriter().array(running.size());
    running.forEach(j -> j.wanted.write(writer));
    DurableFiles.replace(file, writer.toBytes());
  }

  private List<Wanted> load() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw StoreException.damaged(file, "it has over " + FILE_BYTES_MAX + " bytes");
      }
      CborReader reader = new CborReader(Files.readAllBytes(file));
      int count = reader.array();
      List<Wanted> wanted = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        wanted.add(Wanted.read(reader));
      }
      reader.end();
      return wanted;
    } catch (MalformedException | IllegalArgumentException e) {
      throw StoreException.damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      running().forEach(j -> j.download.close());
    } finally {
      lock.unlock();
    }
  }
}
