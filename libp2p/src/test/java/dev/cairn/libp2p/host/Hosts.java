package dev.cairn.libp2p.host;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Hosts for tests, closed together. Each has a key that follows from its number.
final class Hosts implements AutoCloseable {

  static final Multiaddr TCP = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Libp2pHost> hosts = new ArrayList<>();

  static Identity identity(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    seed[1] = (byte) (number >> 8);
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  /// A host that listens in memory.
  Libp2pHost memory(int number) throws IOException {
    return open(number, HostParams.listeningOn(Multiaddr.parse("/memory/" + (1000 + number))));
  }

  /// A host that listens on TCP on loopback.
  Libp2pHost tcp(int number) throws IOException {
    return open(number, HostParams.listeningOn(TCP));
  }

  Libp2pHost open(int number, HostParams params) throws IOException {
    Libp2pHost host =
        new Libp2pHost(
            identity(number),
            params,
            List.of(new MemoryTransport(network), new TcpTransport()),
            new Peerstore(Clock.system()),
            Clock.system(),
            new SecureRandom());
    hosts.add(host);
    return host;
  }

  /// Connects the first to the second and waits until both know what the other serves.
  static void connect(Host from, Host to) throws Exception {
    try (PeerEvents ofFrom = from.events();
        PeerEvents ofTo = to.events()) {
      from.connect(to.id(), to.addresses());
      awaitConnected(ofFrom, to.id());
      awaitConnected(ofTo, from.id());
    }
  }

  static PeerEvent.Connected awaitConnected(PeerEvents events, PeerId peer)
      throws InterruptedException {
    while (true) {
      Optional<PeerEvent> event = events.take();
      if (event.orElseThrow() instanceof PeerEvent.Connected connected
          && connected.peer().equals(peer)) {
        return connected;
      }
    }
  }

  static void awaitDisconnected(PeerEvents events, PeerId peer) throws InterruptedException {
    while (true) {
      Optional<PeerEvent> event = events.take();
      if (event.orElseThrow() instanceof PeerEvent.Disconnected gone && gone.peer().equals(peer)) {
        return;
      }
    }
  }

  @Override
  public void close() {
    hosts.forEach(Libp2pHost::close);
  }
}
