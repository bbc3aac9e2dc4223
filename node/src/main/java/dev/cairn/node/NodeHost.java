package dev.cairn.node;

import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.limits.Limits;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.node.config.NodeConfig;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;

/// The node's libp2p host.
final class NodeHost implements AutoCloseable {

  private final Libp2pHost host;

  /// @throws NodeException when an address cannot be listened on
  NodeHost(NodeConfig config, Identity identity, Clock clock, SecureRandom random) {
    Peerstore peerstore = new Peerstore(clock);
    HostParams params =
        HostParams.listeningOn(config.listen().toArray(Multiaddr[]::new))
            .withAnnounce(config.announce())
            .withAgent(Version.AGENT)
            .withLimits(limits(config.peersMax()));
    try {
      this.host =
          new Libp2pHost(identity, params, List.of(new TcpTransport()), peerstore, clock, random);
    } catch (IOException e) {
      throw new NodeException(
          "cannot listen for peers on "
              + config.listen()
              + ": "
              + e.getMessage()
              + "; stop what uses the port or choose another with --port");
    }
  }

  /// Half of the connections may come from others, so that this node always finds room to choose
  /// peers of its own; the water marks are an eighth and a quarter below the limit.
  private static Limits limits(int connections) {
    Limits standard = Limits.STANDARD;
    return standard
        .withConnections(connections, Math.max(1, connections / 2), standard.negotiating())
        .withWater(connections - connections / 8, connections - connections / 4, standard.grace());
  }

  Libp2pHost host() {
    return host;
  }

  @Override
  public void close() {
    host.close();
  }
}
