package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The connected peers and the dials under way, and what the limits say of one more. Owner: the
/// machine that holds it.
final class Links {

  /// A dial under way.
  record Attempt(Candidate candidate, Link.Purpose purpose, long sinceNanos) {}

  private final DiscoveryParams params;
  private final Map<PeerId, Link> links = new LinkedHashMap<>();
  private final Map<PeerId, Attempt> attempts = new LinkedHashMap<>();

  Links(DiscoveryParams params) {
    this.params = params;
  }

  Map<PeerId, Link> byPeer() {
    return links;
  }

  Collection<Link> all() {
    return links.values();
  }

  Map<PeerId, Attempt> attempts() {
    return attempts;
  }

  Optional<Link> get(PeerId peer) {
    return Optional.ofNullable(links.get(peer));
  }

  boolean busyWith(PeerId peer) {
    return links.containsKey(peer) || attempts.containsKey(peer);
  }

  /// Whether no peer of this chain is connected.
  boolean isolated() {
    return links.values().stream().noneMatch(l -> l.ours && !l.leaving);
  }

  /// Peers that hold a place for outbound peers.
  int chosen() {
    return count(l -> l.chosen);
  }

  private int count(Predicate<Link> test) {
    return (int) links.values().stream().filter(test).count();
  }

  /// Places for outbound peers that neither a peer nor a dial holds.
  ///
  /// @param named dials of named peers under way
  int free(int named) {
    long dialling =
        attempts.values().stream().filter(a -> a.purpose() == Link.Purpose.OUTBOUND).count();
    return params.outbound() - chosen() - (int) dialling - named;
  }

  /// Whether there may be one more connection at all.
  boolean room() {
    return links.size() + attempts.size() < params.peersMax();
  }

  /// Whether a further outbound peer may be there.
  ///
  /// @param strict false where nobody else can be had
  boolean allows(Neighbourhood place, boolean strict) {
    if (place.local()) {
      return true;
    }
    int net = 0;
    int region = 0;
    for (Link link : links.values()) {
      if (link.chosen) {
        net += link.place.net().equals(place.net()) ? 1 : 0;
        region += link.place.region().equals(place.region()) ? 1 : 0;
      }
    }
    for (Attempt attempt : attempts.values()) {
      if (attempt.purpose() == Link.Purpose.OUTBOUND) {
        net += attempt.candidate().place.net().equals(place.net()) ? 1 : 0;
        region += attempt.candidate().place.region().equals(place.region()) ? 1 : 0;
      }
    }
    return strict
        ? net < params.perNet() && region < params.perRegion()
        : region < params.perRegionAtMost();
  }

  /// The youngest peer of the region that has most, where that is more than its share: it may go
  /// when one from elsewhere has come.
  Optional<Link> excess() {
    Map<String, List<Link>> regions = new TreeMap<>();
    for (Link link : links.values()) {
      if (link.chosen && !link.place.local()) {
        regions.computeIfAbsent(link.place.region(), r -> new ArrayList<>()).add(link);
      }
    }
    return regions.values().stream()
        .filter(l -> l.size() > params.perRegion())
        .max(Comparator.comparingInt(List::size))
        .flatMap(
            l ->
                l.stream()
                    .filter(link -> link.purpose != Link.Purpose.NAMED)
                    .max(Comparator.comparingLong(link -> link.sinceNanos)));
  }

  /// The outbound peers that have lasted longest, of as many regions as there are.
  ///
  /// @param before earlier anchors, which fill up
  List<PeerId> anchors(List<PeerId> before) {
    List<Link> oldest =
        links.values().stream()
            .filter(l -> l.chosen && !l.leaving)
            .sorted(Comparator.comparingLong(l -> l.sinceNanos))
            .toList();
    List<PeerId> anchors = new ArrayList<>();
    Set<String> regions = new HashSet<>();
    for (Link link : oldest) {
      if (regions.add(link.place.region())) {
        anchors.add(link.peer);
      }
    }
    oldest.forEach(l -> anchors.add(l.peer));
    anchors.addAll(before);
    return anchors.stream().distinct().limit(DiscoveryParams.ANCHORS_MAX).toList();
  }
}
