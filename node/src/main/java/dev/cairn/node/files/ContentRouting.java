package dev.cairn.node.files;

import dev.cairn.files.exchange.ProviderPeer;
import dev.cairn.files.exchange.ProviderSource;
import dev.cairn.libp2p.kad.Kad;
import dev.cairn.multiformats.Cid;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Tells the DHT which roots are here, and asks it who has a block. Without a DHT only connected
/// peers are asked, which the exchange does by itself.
final class ContentRouting implements ProviderSource, AutoCloseable {

  /// Providers of one block that are looked for.
  private static final int PROVIDERS_MAX = 32;

  private final Optional<Kad> kad;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  ContentRouting(Optional<Kad> kad) {
    this.kad = kad;
  }

  @Override
  public Search find(Cid cid, Consumer<ProviderPeer> found) {
    if (kad.isEmpty()) {
      return NONE.find(cid, found);
    }
    Thread thread =
        start(
            "providers of " + cid,
            dht ->
                dht.providers(
                    cid.multihash(),
                    PROVIDERS_MAX,
                    peer -> found.accept(new ProviderPeer(peer.peer(), peer.addresses()))));
    return thread::interrupt;
  }

  /// Tells that a root is here, now and again every day until [#withdraw].
  void provide(Cid root) {
    if (kad.isPresent()) {
      Thread _ = start("provide " + root, dht -> dht.provide(root.multihash()));
    }
  }

  /// Tells so no more.
  void withdraw(Cid root) {
    kad.ifPresent(dht -> dht.unprovide(root.multihash()));
  }

  private interface Work {
    void on(Kad kad) throws InterruptedException;
  }

  private Thread start(String name, Work work) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(
                () -> {
                  try {
                    work.on(kad.orElseThrow());
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
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
