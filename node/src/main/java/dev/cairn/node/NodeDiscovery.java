package dev.cairn.node;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.mdns.Mdns;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.machine.Clock;
import dev.cairn.node.config.NetworkConfig;
import dev.cairn.node.config.NodeConfig;
import dev.cairn.node.dht.NodeDht;
import dev.cairn.node.discovery.DiscoveryParams;
import dev.cairn.node.discovery.PeerDiscovery;
import dev.cairn.node.discovery.PeerWalk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;

/// How a node finds its peers: the DHT, mDNS and the policy over all sources, as the configuration
/// wants them.
record NodeDiscovery(Optional<NodeDht> dht, PeerDiscovery peers) implements AutoCloseable {

  private static final Logger LOG = System.getLogger(NodeDiscovery.class.getName());

  /// @param chain the chain's short name
  /// @param onFailure told when the node cannot go on
  static NodeDiscovery start(
      NodeFolder folder,
      NodeConfig config,
      String chain,
      Host host,
      Identity identity,
      Clock clock,
      SecureRandom random,
      Consumer<Throwable> onFailure) {
    NetworkConfig network = config.network();
    Optional<NodeDht> dht =
        network
            .dht()
            .map(p -> NodeDht.start(host, identity, p, network.dhtPublic(), clock, random));
    PeerDiscovery peers =
        PeerDiscovery.start(
            new PeerDiscovery.Parts(host, chain, clock, random),
            new PeerDiscovery.Choices(
                folder.peers(),
                config.bootstrap(),
                network.dns(),
                network.peerExchange(),
                DiscoveryParams.STANDARD.with(network.outbound(), config.peersMax())),
            config.mdns() ? mdns(host, clock, random) : Optional.empty(),
            dht.<PeerWalk>map(d -> d).orElseGet(PeerWalk::none),
            onFailure);
    return new NodeDiscovery(dht, peers);
  }

  private static Optional<Mdns> mdns(Host host, Clock clock, SecureRandom random) {
    try {
      return Optional.of(new Mdns(host.id(), host::addresses, clock, random));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no mDNS here, so peers must be named: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    peers.close();
    dht.ifPresent(NodeDht::close);
  }
}
