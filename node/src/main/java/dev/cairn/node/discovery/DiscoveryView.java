package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Where discovery stands. Immutable.
///
/// @param outbound places for outbound peers, taken
/// @param outboundWanted of how many
/// @param dialling dials under way
/// @param tried peers known that have answered
/// @param heard peers known that have not
/// @param bySource all of them by how they became known
/// @param shareable records that may be handed on
public record DiscoveryView(
    List<Peer> peers,
    int outbound,
    int outboundWanted,
    int dialling,
    int tried,
    int heard,
    Map<Source, Integer> bySource,
    List<PeerId> anchors,
    List<Shareable> shareable) {

  /// A connected peer.
  ///
  /// @param chosen whether it holds a place for outbound peers
  /// @param source how it became known, if it is in the address book
  /// @param group its /24, or its address where it is local
  public record Peer(
      PeerId peer,
      boolean chosen,
      boolean ours,
      boolean anchor,
      Optional<Source> source,
      String group,
      long sinceNanos) {}

  /// A peer's own signed record.
  public record Shareable(PeerId peer, Bytes envelope) {}

  public DiscoveryView {
    peers = List.copyOf(peers);
    anchors = List.copyOf(anchors);
    shareable = List.copyOf(shareable);
  }

  static DiscoveryView nothing(int outboundWanted) {
    return new DiscoveryView(List.of(), 0, outboundWanted, 0, 0, 0, Map.of(), List.of(), List.of());
  }
}
