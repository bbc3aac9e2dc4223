package dev.cairn.node.files;

import dev.cairn.files.exchange.ProviderPeer;
import dev.cairn.files.exchange.ProviderSource;
import dev.cairn.libp2p.kad.Kad;
import dev.cairn.multiformats.Cid;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Tells the DHTs which roots are here, and asks them who has a block. Without any only connected
/// peers are asked, which the exchange does by itself.
final class ContentRouting implements ProviderSource, AutoCloseable {

  /// Providers of one block that are looked for in each.
  private static final int PROVIDERS_MAX = 32;

  private static final Logger LOG = System.getLogger(ContentRouting.class.getName());

  private final List<Kad> dhts;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  ContentRouting(List<Kad> dhts) {
    this.dhts = List.copyOf(dhts);
  }

  @Override
  public Search find(Cid cid, Consumer<ProviderPeer> found, Runnable onEnd) {
    if (dhts.isEmpty()) {
      onEnd.run();
    }
    AtomicInteger left = new AtomicInteger(dhts.size());
    List<Thread> searches =
        start(
            "providers of " + cid,
            dht -> {
              try {
                dht.providers(
                    cid.multihash(),
                    PROVIDERS_MAX,
                    peer -> found.accept(new ProviderPeer(peer.peer(), peer.addresses())));
              } finally {
                if (left.decrementAndGet() == 0) {
                  onEnd.run();
                }
              }
            });
    return () -> searches.forEach(Thread::interrupt);
  }

  /// Tells that a root is here, now and again every day until [#withdraw]. Returns at once.
  void provide(Cid root) {
    dhts.forEach(dht -> dht.announce(root.multihash()));
  }

  /// Tells so no more.
  void withdraw(Cid root) {
    dhts.forEach(dht -> dht.unprovide(root.multihash()));
  }

  private interface Work {
    void on(Kad kad) throws InterruptedException;
  }

  private List<Thread> start(String name, Work work) {
    return dhts.stream().map(dht -> start(name, dht, work)).toList();
  }

  private Thread start(String name, Kad dht, Work work) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(
                () -> {
                  try {
                    work.on(dht);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } catch (IllegalArgumentException | IllegalStateException e) {
                    // A key too long for the DHT, or too much at once: it is told again by itself.
                    LOG.log(Level.DEBUG, () -> name + ": " + e.getMessage());
                  } finally {
                    threads.remove(Thread.currentThread());
                  }
                });
    threads.add(thread);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
