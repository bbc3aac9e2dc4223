package dev.cairn.files.exchange;

import dev.cairn.files.bitswap.Fetch;
import dev.cairn.files.bitswap.FetchEvents;
import dev.cairn.files.bitswap.Standing;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A DAG on its way here. It goes on until all of it is in the [Blocks], nothing new has come for
/// too long, or it is closed; what has come stays, and another download of the same root goes on
/// from there.
///
/// Safe from any thread; a thread of its own walks the DAG.
public final class Download implements AutoCloseable {

  /// Links followed between two looks at what has arrived.
  private static final int VISITS_AT_ONCE = 4_096;

  /// With nothing new for so long, providers are looked for again.
  private static final long SEARCH_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(15);

  private record Delivery(PeerId from, Cid cid, int bytes, int links) {}

  private final Cid root;
  private final Clock clock;
  private final DownloadOptions options;
  private final ExchangeParams params;
  private final int window;
  private final Providers providers;
  private final MissingWalk walk;
  private final Fetch fetch;
  private final long beganNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Tally tally = new Tally();
  private final RateMeter rate;
  private List<Delivery> deliveries = new ArrayList<>();
  private long newsNanos;
  private long searchedNanos;

  /// When a peer last said something or was dialled, or a search ended.
  private long stirNanos;

  private boolean promising;
  private long bytes;
  private long blocksHere;
  private long blocksKnown;
  private OptionalLong total = OptionalLong.empty();
  private boolean ended;
  private long endedNanos;
  private @Nullable String failure;
  private boolean missing;

  /// @param begin begins to fetch, with this download to be told
  Download(
      Cid root,
      Blocks blocks,
      Clock clock,
      ExchangeParams params,
      DownloadOptions options,
      boolean follows,
      Providers providers,
      Function<FetchEvents, Fetch> begin) {
    this.root = root;
    this.clock = clock;
    this.options = options;
    this.params = params;
    this.window = params.bitswap().window();
    this.providers = providers;
    this.walk = new MissingWalk(root, blocks, params, follows, options.inOrder());
    this.beganNanos = clock.now().nanos();
    this.newsNanos = beganNanos;
    this.searchedNanos = beganNanos;
    this.stirNanos = beganNanos;
    this.rate = new RateMeter(beganNanos);
    providers.onChange(() -> change(now -> stirNanos = now));
    this.fetch = begin.apply(new Events());
  }

  /// @param onEnd called when it is over
  Download start(Runnable onEnd) {
    Thread.ofPlatform()
        .name("download")
        .daemon()
        .start(
            () -> {
              run();
              onEnd.run();
            });
    return this;
  }

  private final class Events implements FetchEvents {
    @Override
    public void delivered(PeerId from, Cid cid, int size, int links) {
      change(
          now -> {
            deliveries.add(new Delivery(from, cid, size, links));
            tally.delivered(from, size);
            rate.add(size, now);
            newsNanos = now;
            promising = true;
          });
    }

    @Override
    public void standing(PeerId peer, Standing standing, String why) {
      change(
          now -> {
            tally.standing(peer, standing, why);
            stirNanos = now;
            promising |= tally.anyActive();
          });
    }

    @Override
    public void failed(String why) {
      end(Optional.of(why));
    }
  }

  private void change(Consumer<Long> change) {
    lock.lock();
    try {
      change.accept(clock.now().nanos());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      providers.search();
      while (step()) {
        // One round of the walk.
      }
    } catch (InterruptedException e) {
      end(Optional.of("interrupted"));
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      end(Optional.of(String.valueOf(e.getMessage())));
    } finally {
      fetch.close();
      providers.close();
    }
  }

  /// Takes what has come and goes on from there; false at the end.
  private boolean step() throws InterruptedException {
    for (Delivery delivery : takeDeliveries()) {
      walk.delivered(delivery.cid, delivery.bytes, delivery.links);
    }
    List<Cid> wants = walk.advance(window, VISITS_AT_ONCE);
    if (!wants.isEmpty()) {
      fetch.want(wants);
    }
    noteProgress();
    if (walk.bytes() > options.bytesMax()) {
      end(Optional.of(root + " has more than " + options.bytesMax() + " bytes"));
    } else if (walk.done()) {
      end(Optional.empty());
    }
    return awaitWork();
  }

  private List<Delivery> takeDeliveries() {
    lock.lock();
    try {
      List<Delivery> taken = deliveries;
      deliveries = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void noteProgress() {
    lock.lock();
    try {
      if (walk.here() > blocksHere) {
        newsNanos = clock.now().nanos();
      }
      bytes = walk.bytes();
      blocksHere = walk.here();
      blocksKnown = walk.known();
      total = walk.total();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to do; false at the end.
  private boolean awaitWork() throws InterruptedException {
    boolean search = false;
    lock.lock();
    try {
      while (!ended && deliveries.isEmpty() && !walk.canAdvance(window) && !search) {
        long now = clock.now().nanos();
        long left = newsNanos + options.patience().toNanos() - now;
        long hope = hopeNanos(now);
        if (left <= 0 || hope <= 0) {
          missing = true;
          end(Optional.of(left <= 0 ? lateMessage() : nobodyMessage()));
        } else {
          long again = Math.max(newsNanos, searchedNanos) + SEARCH_AGAIN_NANOS - now;
          search = again <= 0;
          searchedNanos = search ? now : searchedNanos;
          if (!search) {
            changed.awaitNanos(Math.min(Math.min(left, hope), again));
          }
        }
      }
      if (ended) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    if (search) {
      providers.search();
    }
    return true;
  }

  /// How long somebody may still turn up who has it; with the lock.
  private long hopeNanos(long now) {
    if (!options.prompt() || promising || !providers.idle()) {
      return Long.MAX_VALUE;
    }
    boolean unsure = tally.peers() == 0 || tally.any(SourceState.ASKED) || providers.named() > 0;
    return stirNanos + (unsure ? params.answer() : params.settle()).toNanos() - now;
  }

  private String nobodyMessage() {
    if (options.onlyFrom()) {
      return "none of the named peers has " + root + ", or none was reached";
    }
    String asked =
        tally.peers() == 0
            ? "no peer is connected that could have " + root
            : "no connected peer has " + root + " (" + tally.peers() + " were asked)";
    int named = providers.named();
    return asked
        + (named == 0 ? ", and no provider was found" : ", and " + named + " providers were asked");
  }

  private String lateMessage() {
    String seconds = options.patience().toMillis() / 1000.0 + " s";
    if (tally.bytes() == 0 && !tally.anyActive()) {
      return "no peer that has " + root + " was found in " + seconds;
    }
    return root
        + ": nothing new came for "
        + seconds
        + "; "
        + blocksHere
        + " of "
        + blocksKnown
        + " known blocks are here";
  }

  private void end(Optional<String> why) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        endedNanos = clock.now().nanos();
        failure = why.orElse(null);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// What is fetched.
  public Cid root() {
    return root;
  }

  /// Waits for the end.
  ///
  /// @throws ExchangeException when not all of it has come, with the reason
  public Progress await(Duration most) throws InterruptedException, ExchangeException {
    lock.lockInterruptibly();
    try {
      long left = most.toNanos();
      while (!ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (failure != null) {
        throw new ExchangeException(failure, missing);
      }
      return progress();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the end, however long it takes.
  ///
  /// @throws ExchangeException when not all of it has come, with the reason
  public Progress await() throws InterruptedException, ExchangeException {
    Progress progress = await(Duration.ofDays(1));
    while (!progress.done()) {
      progress = await(Duration.ofDays(1));
    }
    return progress;
  }

  /// How far it is, at any time.
  public Progress progress() {
    lock.lock();
    try {
      long now = ended ? endedNanos : clock.now().nanos();
      return new Progress(
          bytes,
          total,
          blocksHere,
          blocksKnown,
          tally.bytes(),
          rate.perSecond(now),
          Duration.ofNanos(now - beganNanos),
          ended && failure == null,
          tally.reports());
    } finally {
      lock.unlock();
    }
  }

  /// Gives up, unless it is over.
  @Override
  public void close() {
    end(Optional.of("the download of " + root + " was cancelled"));
  }
}
