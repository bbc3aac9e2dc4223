package dev.cairn.node.discovery;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.mdns.DiscoveredPeer;
import dev.cairn.libp2p.mdns.Discoveries;
import dev.cairn.libp2p.mdns.Mdns;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Connects to the peers that mDNS finds on the local network.
public final class LocalPeers implements AutoCloseable {

  /// Dials at once; the rest wait their turn in mDNS's own bounded queue.
  private static final int DIALS_MAX = 8;

  private static final Logger LOG = System.getLogger(LocalPeers.class.getName());

  private final Host host;
  private final Mdns mdns;
  private final Discoveries found;
  private final int peersMax;
  private final Semaphore dials = new Semaphore(DIALS_MAX);

  /// @param peersMax no peer is dialled while there are so many
  public LocalPeers(Host host, Mdns mdns, int peersMax) {
    this.host = host;
    this.mdns = mdns;
    this.found = mdns.subscribe();
    this.peersMax = peersMax;
    Thread.ofVirtual().name("local peers").start(this::run);
  }

  private void run() {
    try {
      Optional<DiscoveredPeer> next = found.take();
      while (next.isPresent()) {
        DiscoveredPeer peer = next.get();
        boolean wanted = !host.peers().contains(peer.peer()) && host.peers().size() < peersMax;
        if (wanted) {
          dials.acquire();
          Thread.ofVirtual().name("dial " + peer.peer()).start(() -> dial(peer));
        }
        next = found.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dial(DiscoveredPeer peer) {
    try {
      host.connect(peer.peer(), peer.addresses());
      LOG.log(Level.INFO, () -> "found " + peer.peer() + " on the local network");
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "cannot reach " + peer + ": " + e.getMessage());
    } finally {
      dials.release();
    }
  }

  @Override
  public void close() {
    found.close();
    mdns.close();
  }
}
