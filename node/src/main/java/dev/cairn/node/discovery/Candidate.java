package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A peer that is known by name. Mutable; owned by its [AddressBook].
final class Candidate {

  /// Failures in a row after which a peer that never answered is forgotten.
  static final int UNTRIED_FAILURES_MAX = 4;

  /// The same for one that has answered, where that was [#STALE_MILLIS] ago.
  static final int TRIED_FAILURES_MAX = 12;

  static final long STALE_MILLIS = 7L * 24 * 3_600_000;

  final PeerId peer;
  final Source source;

  /// The region of whoever named it first, or a word for a source that is no peer.
  final String teller;

  List<Multiaddr> addresses;
  Neighbourhood place;
  Optional<Told.Signed> record = Optional.empty();

  /// Wall-clock time at which it last answered a dial of ours; 0 for never.
  long provenMillis;

  /// Whether it connected from an IP that it names itself: then its record may be handed on.
  boolean seen;

  int failures;

  /// Monotonic time before which it is not dialled.
  long retryNanos = Long.MIN_VALUE;

  /// When it was dialled last.
  long dialledNanos = Long.MIN_VALUE;

  boolean tried;
  int bucket;

  Candidate(
      PeerId peer, Source source, String teller, List<Multiaddr> addresses, Neighbourhood place) {
    this.peer = peer;
    this.source = source;
    this.teller = teller;
    this.addresses = addresses;
    this.place = place;
  }

  /// Takes over what was told anew. A signed record replaces what is not proven; anyone else can
  /// only add, behind the address that has answered, and not push out more than half of what is
  /// known.
  ///
  /// @return whether anything is new
  boolean learn(Told told, List<Multiaddr> usable) {
    boolean newer =
        told.record().isPresent()
            && told.record().get().sequence() > record.map(Told.Signed::sequence).orElse(-1L);
    if (told.record().isPresent() && !newer) {
      return false;
    }
    Set<Multiaddr> merged = new LinkedHashSet<>();
    if (provenMillis > 0) {
      merged.add(addresses.getFirst());
    }
    int room = newer ? DiscoveryParams.ADDRESSES_MAX : DiscoveryParams.ADDRESSES_MAX / 2;
    merged.addAll(usable.subList(0, Math.min(usable.size(), room)));
    if (!newer) {
      merged.addAll(addresses);
    }
    List<Multiaddr> kept = merged.stream().limit(DiscoveryParams.ADDRESSES_MAX).toList();
    boolean changed = newer || !kept.equals(addresses);
    addresses = kept;
    if (newer) {
      record = told.record();
    }
    return changed;
  }

  /// It answered there.
  void proven(Multiaddr address, long wallMillis) {
    List<Multiaddr> order = new ArrayList<>();
    order.add(address);
    addresses.stream()
        .filter(a -> !a.equals(address))
        .limit(DiscoveryParams.ADDRESSES_MAX - 1L)
        .forEach(order::add);
    addresses = List.copyOf(order);
    provenMillis = wallMillis;
    failures = 0;
  }

  /// Whether it may make room for another.
  boolean worthless(long wallMillis) {
    return provenMillis == 0
        ? failures >= UNTRIED_FAILURES_MAX
        : failures >= TRIED_FAILURES_MAX && wallMillis - provenMillis > STALE_MILLIS;
  }
}
