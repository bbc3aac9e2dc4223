package dev.cairn.files.exchange;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/// Dials the peers that are said to have a DAG. A connected peer is asked by itself.
///
/// Safe from any thread.
final class Providers implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Providers.class.getName());

  private final Host host;
  private final ProviderSource source;
  private final Cid root;
  private final DownloadOptions options;
  private final int most;
  private final Semaphore dials;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<PeerId> dialled = new HashSet<>();
  private Optional<ProviderSource.Search> search = Optional.empty();
  private Runnable onChange = () -> {};
  private int busy;
  private boolean closed;

  Providers(
      Host host, ProviderSource source, Cid root, DownloadOptions options, ExchangeParams params) {
    this.host = host;
    this.source = source;
    this.root = root;
    this.options = options;
    this.most = params.providersMax();
    this.dials = new Semaphore(params.dialsParallel());
  }

  /// @param told called, without a lock, when a search or a dial has ended
  void onChange(Runnable told) {
    onChange = told;
  }

  /// Whether nobody more will turn up: no search and no dial is under way.
  boolean idle() {
    lock.lock();
    try {
      return busy == 0;
    } finally {
      lock.unlock();
    }
  }

  /// How many peers were named as providers, in the last search.
  int named() {
    lock.lock();
    try {
      return dialled.size();
    } finally {
      lock.unlock();
    }
  }

  private void enter() {
    lock.lock();
    try {
      busy++;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      busy--;
    } finally {
      lock.unlock();
    }
    onChange.run();
  }

  /// Dials the peers that are known and looks for more; again, if it was done before.
  void search() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      dialled.clear();
    } finally {
      lock.unlock();
    }
    options.from().forEach(this::found);
    if (options.onlyFrom()) {
      return;
    }
    enter();
    ProviderSource.Search begun = source.find(root, this::found, this::leave);
    lock.lock();
    try {
      search.ifPresent(ProviderSource.Search::close);
      search = Optional.of(begun);
      if (closed) {
        begun.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private void found(ProviderPeer provider) {
    lock.lock();
    try {
      if (closed
          || dialled.size() >= most
          || provider.peer().equals(host.id())
          || !dialled.add(provider.peer())) {
        return;
      }
      busy++;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual()
        .name("dial " + provider.peer())
        .start(
            () -> {
              try {
                dial(provider);
              } finally {
                leave();
              }
            });
  }

  private void dial(ProviderPeer provider) {
    try {
      dials.acquire();
      try {
        if (!isClosed()) {
          host.connect(provider.peer(), provider.addresses());
        }
      } finally {
        dials.release();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "provider {0}: {1}", provider.peer(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      search.ifPresent(ProviderSource.Search::close);
    } finally {
      lock.unlock();
    }
  }
}
