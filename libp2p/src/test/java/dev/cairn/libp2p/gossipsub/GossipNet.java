package dev.cairn.libp2p.gossipsub;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Hosts on a network in memory, each with a gossipsub or none, closed together.
final class GossipNet implements AutoCloseable {

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Runnable> open = new ArrayList<>();

  record Node(Identity identity, Libp2pHost host, Gossipsub gossipsub) implements AutoCloseable {
    @Override
    public void close() {
      gossipsub.close();
      host.close();
    }
  }

  static Identity identity(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  /// A host that speaks no gossipsub by itself.
  Libp2pHost host(int number) throws IOException {
    Libp2pHost host =
        new Libp2pHost(
            identity(number),
            HostParams.listeningOn(Multiaddr.parse("/memory/" + (1_000 + number))),
            List.of(new MemoryTransport(network)),
            new Peerstore(Clock.system()),
            Clock.system(),
            new SecureRandom());
    open.add(host::close);
    return host;
  }

  Node node(int number) throws IOException {
    return node(number, params(100));
  }

  Node node(int number, GossipParams params) throws IOException {
    Libp2pHost host = host(number);
    Node node =
        new Node(
            identity(number),
            host,
            Gossipsub.start(host, identity(number), params, Clock.system(), number));
    open.add(node::close);
    return node;
  }

  /// The standard with a faster heart.
  static GossipParams params(int heartbeatMillis) {
    HistoryParams h = HistoryParams.STANDARD;
    return Rig.history(
        new HistoryParams(
            Duration.ofMillis(heartbeatMillis),
            h.windows(),
            h.gossipWindows(),
            h.cacheBytesMax(),
            h.seenTtl(),
            h.seenMax(),
            h.pendingMax(),
            h.pendingBytesMax(),
            h.verdictMax(),
            h.fanoutTtl()));
  }

  static void connect(Libp2pHost from, Libp2pHost to) throws IOException {
    from.connect(to.id(), to.addresses());
  }

  /// Waits until something holds; the test's own time limit ends a wait in vain.
  static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }

  /// Waits until each of the nodes knows so many others in the topic.
  static void awaitPeers(List<Node> nodes, String topic, int count) throws InterruptedException {
    for (Node node : nodes) {
      await(() -> node.gossipsub().topicPeers(topic).size() >= count);
    }
  }

  /// Accepts all messages of a subscription until it is closed.
  static Thread acceptAll(Subscription subscription, Runnable each) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  GossipMessage message = subscription.take();
                  message.report(Verdict.ACCEPT);
                  each.run();
                }
              } catch (InterruptedException | IllegalStateException e) {
                // The test is over.
              }
            });
  }

  @Override
  public void close() {
    open.reversed().forEach(Runnable::run);
  }
}
