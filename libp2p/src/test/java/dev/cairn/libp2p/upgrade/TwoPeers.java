package dev.cairn.libp2p.upgrade;

import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.Transport;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Two peers with a connection between them.
record TwoPeers(Connection dialer, Connection listener) implements AutoCloseable {

  static final Identity ALICE = Identity.generate(new SecureRandom());
  static final Identity BOB = Identity.generate(new SecureRandom());

  /// Alice dials Bob.
  static TwoPeers over(Transport transport, String address, UpgradeParams params) throws Exception {
    try (Listener listener = transport.listen(Multiaddr.parse(address))) {
      FutureTask<Connection> inbound =
          async(() -> new Upgrader(BOB, params).inbound(listener.accept()));
      Link link = transport.dial(listener.address(), Duration.ofSeconds(10));
      Connection outbound = new Upgrader(ALICE, params).outbound(link, Optional.of(BOB.id()));
      return new TwoPeers(outbound, result(inbound));
    }
  }

  static <T> FutureTask<T> async(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.startVirtualThread(task);
    return task;
  }

  static <T> T result(FutureTask<T> task) throws Exception {
    try {
      return task.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    dialer.close();
    listener.close();
  }
}
