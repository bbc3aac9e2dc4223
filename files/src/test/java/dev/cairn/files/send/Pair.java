package dev.cairn.files.send;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;

/// Two hosts in memory, each with a key that follows from its number.
final class Pair implements AutoCloseable {

  private final MemoryNetwork network = new MemoryNetwork();
  final Host alice;
  final Host bob;

  Pair() throws IOException {
    alice = host(1);
    bob = host(2);
  }

  static PeerId peer(int number) {
    return identity(number).id();
  }

  private static Identity identity(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  private Host host(int number) throws IOException {
    return new Libp2pHost(
        identity(number),
        HostParams.listeningOn(Multiaddr.parse("/memory/" + (7000 + number))),
        List.of(new MemoryTransport(network)),
        new Peerstore(Clock.system()),
        Clock.system(),
        new SecureRandom());
  }

  /// Connects both and waits until each knows what the other serves.
  void connect() throws IOException, InterruptedException {
    try (PeerEvents ofAlice = alice.events();
        PeerEvents ofBob = bob.events()) {
      alice.connect(bob.id(), bob.addresses());
      await(ofAlice, bob.id());
      await(ofBob, alice.id());
    }
  }

  private static void await(PeerEvents events, PeerId peer) throws InterruptedException {
    while (!(events.take().orElseThrow() instanceof PeerEvent.Connected up)
        || !up.peer().equals(peer)) {
      // Something else happened; wait on.
    }
  }

  @Override
  public void close() {
    alice.close();
    bob.close();
  }
}
