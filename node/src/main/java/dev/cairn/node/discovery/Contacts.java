package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Who is known, what is believed of them, and when each may be dialled again. Owner: the machine
/// that holds it.
final class Contacts {

  private final PeerId self;
  private final AddressBook book;
  private final RandomGenerator random;

  private final LinkedHashMap<PeerId, Ban> banned = new LinkedHashMap<>();

  private boolean changed;

  /// @param untilNanos monotonic time until which the peer is not dialled, whoever names it
  /// @param forged whether it may not even connect
  private record Ban(long untilNanos, boolean forged) {}

  Contacts(PeerId self, Saved saved, RandomGenerator random) {
    this.self = self;
    this.book = new AddressBook(saved.key());
    this.random = random;
    saved.peers().forEach(this::restore);
  }

  private void restore(Saved.Peer peer) {
    Optional<Neighbourhood> place = place(peer.addresses());
    if (peer.peer().equals(self) || place.isEmpty() || book.get(peer.peer()).isPresent()) {
      return;
    }
    Candidate candidate =
        new Candidate(peer.peer(), peer.source(), peer.teller(), peer.addresses(), place.get());
    candidate.record = peer.record();
    candidate.provenMillis = peer.provenMillis();
    if (!peer.tried()
        || book.promote(candidate, peer.provenMillis(), c -> false).isPresent()
        || !candidate.tried) {
      book.add(candidate, peer.provenMillis());
    }
  }

  AddressBook book() {
    return book;
  }

  /// Whether something is worth a save since this was last asked.
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /// Takes in what was told of a peer.
  ///
  /// @param from where the teller is; what it tells of narrower places means nothing here
  /// @return whether it is one more that can be dialled
  boolean learn(Source source, String teller, Neighbourhood.Reach from, Told told, Now now) {
    if (told.peer().equals(self) || banOf(told.peer(), now).isPresent()) {
      return false;
    }
    List<Multiaddr> usable = usable(told.addresses(), from);
    Optional<Candidate> known = book.get(told.peer());
    if (known.isPresent()) {
      changed |= !usable.isEmpty() && known.get().learn(told, usable);
      return false;
    }
    if (usable.isEmpty()) {
      return false;
    }
    Candidate fresh =
        new Candidate(told.peer(), source, teller, usable, place(usable).orElseThrow());
    fresh.record = told.record();
    boolean added = book.add(fresh, now.wallMillis());
    changed |= added;
    return added;
  }

  /// Addresses with an IP that can be meant here: a name would let a stranger have us ask whom it
  /// likes.
  private static List<Multiaddr> usable(List<Multiaddr> addresses, Neighbourhood.Reach from) {
    return addresses.stream()
        .filter(a -> isIp(a) && !a.has(Protocol.P2P) && PeersFile.holds(a))
        .filter(a -> Neighbourhood.of(a).filter(p -> p.reach().compareTo(from) >= 0).isPresent())
        .distinct()
        .limit(DiscoveryParams.ADDRESSES_MAX)
        .toList();
  }

  private static boolean isIp(Multiaddr address) {
    Protocol first = address.components().getFirst().protocol();
    return first == Protocol.IP4 || first == Protocol.IP6;
  }

  private static Optional<Neighbourhood> place(List<Multiaddr> addresses) {
    return addresses.stream().flatMap(a -> Neighbourhood.of(a).stream()).findFirst();
  }

  /// A peer of this chain has answered a dial at this address.
  ///
  /// @param inUse whether a peer keeps its place in any case
  /// @return one that must be tried before it loses its place to this peer
  Optional<Candidate> proven(Link link, Told told, Predicate<Candidate> inUse, Now now) {
    Source source = link.purpose == Link.Purpose.NAMED ? Source.NAMED : Source.DHT;
    learn(source, link.place.region(), link.place.reach(), told, now);
    Multiaddr remote = link.remote.decapsulate(Protocol.P2P).orElse(link.remote);
    Candidate candidate =
        book.get(link.peer)
            .orElseGet(
                () ->
                    new Candidate(
                        link.peer, source, link.place.region(), List.of(remote), link.place));
    candidate.record = candidate.record.or(told::record);
    candidate.proven(remote, now.wallMillis());
    candidate.place = link.place;
    changed = true;
    return book.promote(candidate, now.wallMillis(), inUse);
  }

  /// A peer of this chain has connected. Its record is worth telling when it names the IP that it
  /// came from.
  void met(Link link, Told told, Now now) {
    learn(Source.INBOUND, link.place.region(), link.place.reach(), told, now);
    book.get(link.peer)
        .ifPresent(
            c -> {
              c.record = c.record.or(told::record);
              c.seen = told.addresses().stream().anyMatch(a -> sameIp(a, link.remote));
            });
  }

  private static boolean sameIp(Multiaddr a, Multiaddr b) {
    Optional<String> ip = a.value(Protocol.IP4).or(() -> a.value(Protocol.IP6));
    return ip.isPresent() && ip.equals(b.value(Protocol.IP4).or(() -> b.value(Protocol.IP6)));
  }

  /// A dial came to nothing. While nobody at all can be reached that says little of the peer, so
  /// that a node whose own network is down does not forget everyone.
  void failed(PeerId peer, boolean isolated, Now now) {
    Optional<Candidate> found = book.get(peer);
    if (found.isEmpty()) {
      return;
    }
    Candidate candidate = found.get();
    int more = candidate.failures + 1;
    candidate.failures =
        isolated ? Math.max(candidate.failures, Math.min(more, ISOLATED_FAILURES_MAX)) : more;
    Backoff backoff = candidate.source == Source.LOCAL ? Backoff.KNOWN : Backoff.CANDIDATE;
    candidate.retryNanos = now.nanos() + backoff.nanos(candidate.failures, random);
    if (candidate.worthless(now.wallMillis())) {
      forget(peer);
    }
  }

  private static final int ISOLATED_FAILURES_MAX = Candidate.UNTRIED_FAILURES_MAX - 1;

  /// Does not dial a peer for a while.
  void rest(PeerId peer, Duration time, Now now) {
    book.get(peer).ifPresent(c -> c.retryNanos = now.nanos() + time.toNanos());
  }

  void forget(PeerId peer) {
    book.remove(peer);
    changed = true;
  }

  /// Has nothing to do with a peer that has handed on what is forged.
  void ban(PeerId peer, Now now) {
    ban(peer, new Ban(now.nanos() + DiscoveryParams.BAN.toNanos(), true));
  }

  /// Does not dial a peer of another chain again soon.
  void avoid(PeerId peer, Now now) {
    ban(peer, new Ban(now.nanos() + DiscoveryParams.STRANGER.toNanos(), false));
  }

  private void ban(PeerId peer, Ban ban) {
    banned.remove(peer);
    banned.put(peer, ban);
    while (banned.size() > DiscoveryParams.BANNED_MAX) {
      banned.pollFirstEntry();
    }
    forget(peer);
  }

  private Optional<Ban> banOf(PeerId peer, Now now) {
    Optional<Ban> ban = Optional.ofNullable(banned.get(peer));
    if (ban.isPresent() && ban.get().untilNanos() <= now.nanos()) {
      banned.remove(peer);
      return Optional.empty();
    }
    return ban;
  }

  boolean banned(PeerId peer, Now now) {
    return banOf(peer, now).filter(Ban::forged).isPresent();
  }

  /// What may be handed on: records of peers that answered lately, or that are here now from where
  /// they say.
  List<DiscoveryView.Shareable> shareable(Links links, long wallMillis) {
    List<DiscoveryView.Shareable> list = new ArrayList<>();
    for (Candidate c : book.all()) {
      boolean answered =
          c.provenMillis > 0 && wallMillis - c.provenMillis < DiscoveryParams.VOUCHED.toMillis();
      boolean here = c.seen && links.byPeer().containsKey(c.peer);
      if (c.record.isPresent() && (answered || here)) {
        list.add(new DiscoveryView.Shareable(c.peer, c.record.get().envelope()));
      }
    }
    return list;
  }

  Map<Source, Integer> bySource() {
    Map<Source, Integer> counts = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      counts.put(source, 0);
    }
    book.all().forEach(c -> counts.merge(c.source, 1, Integer::sum));
    return counts;
  }

  Saved saved(List<PeerId> anchors) {
    List<Saved.Peer> peers = new ArrayList<>();
    for (Candidate c : book.all()) {
      List<Multiaddr> kept = c.addresses.stream().filter(PeersFile::holds).toList();
      if (!kept.isEmpty()) {
        peers.add(
            new Saved.Peer(c.tried, c.peer, c.source, c.teller, c.provenMillis, kept, c.record));
      }
    }
    return new Saved(book.key(), anchors, peers);
  }
}
