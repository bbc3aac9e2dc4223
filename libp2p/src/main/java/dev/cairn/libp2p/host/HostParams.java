package dev.cairn.libp2p.host;

import dev.cairn.libp2p.limits.Limits;
import dev.cairn.libp2p.limits.SwarmParams;
import dev.cairn.libp2p.upgrade.UpgradeParams;
import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.List;

/// How a host is set up.
///
/// @param listen where to listen; port 0 lets the system choose
/// @param announce told to others instead of what is listened on, unless empty: where a peer
///   reaches this host through a router or a name
/// @param agent the name and version that identify tells others, such as `cairn/0.1.0`
/// @param protocolVersion the family of protocols that identify tells others
/// @param negotiation the longest that agreeing on a stream's protocol takes, and identify as a
///   whole
public record HostParams(
    List<Multiaddr> listen,
    List<Multiaddr> announce,
    String agent,
    String protocolVersion,
    Duration negotiation,
    Limits limits,
    SwarmParams swarm,
    UpgradeParams upgrade) {

  public HostParams {
    listen = List.copyOf(listen);
    announce = List.copyOf(announce);
  }

  public static HostParams listeningOn(Multiaddr... addresses) {
    return new HostParams(
        List.of(addresses),
        List.of(),
        "cairn",
        "cairn/1",
        Duration.ofSeconds(10),
        Limits.STANDARD,
        SwarmParams.STANDARD,
        UpgradeParams.defaults());
  }

  public HostParams withAnnounce(List<Multiaddr> others) {
    return new HostParams(
        listen, others, agent, protocolVersion, negotiation, limits, swarm, upgrade);
  }

  public HostParams withAgent(String name) {
    return new HostParams(
        listen, announce, name, protocolVersion, negotiation, limits, swarm, upgrade);
  }

  public HostParams withLimits(Limits other) {
    return new HostParams(
        listen, announce, agent, protocolVersion, negotiation, other, swarm, upgrade);
  }

  public HostParams withSwarm(SwarmParams other) {
    return new HostParams(
        listen, announce, agent, protocolVersion, negotiation, limits, other, upgrade);
  }

  public HostParams withUpgrade(UpgradeParams other) {
    return new HostParams(
        listen, announce, agent, protocolVersion, negotiation, limits, swarm, other);
  }

  public HostParams withNegotiation(Duration most) {
    return new HostParams(listen, announce, agent, protocolVersion, most, limits, swarm, upgrade);
  }
}
