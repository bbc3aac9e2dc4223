package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is known of a connected peer. Agent and protocols are what the peer says of itself.
///
/// @param outbound whether this host dialled
/// @param remote the other end of the connection
/// @param addresses where the peer says that it listens
/// @param protocols what the peer says that it serves; empty until identify is done
/// @param agent the name and version of its software; empty until identify is done
/// @param roundTrip the last measured round trip, if any
public record PeerInfo(
    PeerId peer,
    boolean outbound,
    Multiaddr remote,
    List<Multiaddr> addresses,
    List<String> protocols,
    String agent,
    Optional<Duration> roundTrip) {

  public PeerInfo {
    addresses = List.copyOf(addresses);
    protocols = List.copyOf(protocols);
  }
}
