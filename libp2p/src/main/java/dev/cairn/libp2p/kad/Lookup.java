package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.limits.AddressGroup;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The way to a key over disjoint paths (kad-dht, "Peer routing"; Baumgart and Mies, S/Kademlia,
/// "Lookup over disjoint paths").
///
/// The peers of our own table that are nearest to the key are dealt to the paths. Each path asks
/// the nearest peers that it knows, hears only its own answers, and no peer is asked by two paths:
/// a liar misleads the path that met it and no other. Beyond that, each liar costs a bounded share:
///
/// - answers from many peers of one network are not heard, wherever they claim to be;
/// - one that tells of peers that do not answer loses the rest of what it told;
/// - an address that one peer told cannot crowd out what another one told of the same peer.
///
/// Owner: its [Operation].
final class Lookup {

  private static final int ATTEMPTS_MAX = 2;

  private final PeerId self;
  private final KadKey target;
  private final LookupParams params;
  private final TableParams table;
  private final Map<PeerId, Candidate> candidates = new LinkedHashMap<>();
  private final Map<AddressGroup, Integer> heard = new LinkedHashMap<>();
  private final List<LookupPath> paths = new ArrayList<>();
  private int requests;
  private int inFlight;

  /// @param seeds the nearest peers of our table, the nearest first
  Lookup(
      PeerId self,
      KadKey target,
      List<PeerAddresses> seeds,
      LookupParams params,
      TableParams table) {
    this.self = self;
    this.target = target;
    this.params = params;
    this.table = table;
    for (int i = 0; i < params.paths(); i++) {
      paths.add(
          new LookupPath(
              target, table.bucketSize(), params.pathCandidatesMax(), params.pathRequestsMax()));
    }
    int next = 0;
    for (PeerAddresses seed : seeds) {
      Candidate candidate = new Candidate(seed, null);
      candidates.put(seed.peer(), candidate);
      paths.get(next++ % paths.size()).add(candidate);
    }
  }

  KadKey target() {
    return target;
  }

  int requests() {
    return requests;
  }

  /// Whom to ask now, if anyone; it counts as asked.
  Optional<PeerAddresses> next() {
    while (inFlight < params.alpha() && requests < params.requestsMax()) {
      LookupPath idlest = null;
      Candidate wanted = null;
      for (LookupPath path : paths) {
        if (path.inFlight() < params.pathAlpha()
            && (idlest == null || path.inFlight() < idlest.inFlight())) {
          Candidate candidate = path.wanted().orElse(null);
          if (candidate != null) {
            idlest = path;
            wanted = candidate;
          }
        }
      }
      if (idlest == null || wanted == null) {
        return Optional.empty();
      }
      if (!isTarget(wanted) && saturated(wanted.peer)) {
        drop(wanted, Candidate.State.EXCLUDED);
        continue;
      }
      wanted.state = Candidate.State.ASKED;
      wanted.attempts++;
      wanted.path = idlest;
      idlest.asked();
      inFlight++;
      requests++;
      return Optional.of(wanted.peer);
    }
    return Optional.empty();
  }

  /// Whether every public network that a peer is said to be in has been heard enough. Only proven
  /// networks count, so a liar that names another's network does it no harm.
  private boolean saturated(PeerAddresses peer) {
    if (heard.isEmpty() || peer.addresses().isEmpty()) {
      return false;
    }
    for (Multiaddr address : peer.addresses()) {
      Optional<AddressGroup> network = network(address);
      if (network.isEmpty() || heard.getOrDefault(network.get(), 0) < params.groupMax()) {
        return false;
      }
    }
    return true;
  }

  /// The one peer that is looked for proves itself by its key.
  private boolean isTarget(Candidate candidate) {
    return candidate.peer.key().equals(target);
  }

  private Optional<AddressGroup> network(Multiaddr address) {
    return Reach.network(address, table.exemptLoopback(), table.exemptPrivate());
  }

  /// Takes a peer's answer.
  ///
  /// @param remote where the connection to it leads
  /// @return false when the answer must not be heard: enough of its network have answered
  boolean answered(PeerId from, Optional<Multiaddr> remote, List<PeerAddresses> closer) {
    Candidate candidate = settle(from);
    if (candidate == null) {
      return false;
    }
    Optional<AddressGroup> network = remote.flatMap(this::network);
    if (network.isPresent() && !isTarget(candidate)) {
      if (heard.getOrDefault(network.get(), 0) >= params.groupMax()) {
        drop(candidate, Candidate.State.EXCLUDED);
        return false;
      }
      heard.merge(network.get(), 1, Integer::sum);
    }
    candidate.state = Candidate.State.ANSWERED;
    LookupPath path = candidate.path;
    if (path != null) {
      closer.stream().limit(KadCodec.CLOSER_MAX).forEach(peer -> hear(peer, candidate, path));
    }
    return true;
  }

  private @Nullable Candidate settle(PeerId from) {
    Candidate candidate = candidates.get(from);
    if (candidate == null || candidate.state != Candidate.State.ASKED) {
      return null;
    }
    if (candidate.path != null) {
      candidate.path.settled();
    }
    inFlight--;
    return candidate;
  }

  private void hear(PeerAddresses told, Candidate source, LookupPath path) {
    if (told.peer().equals(self) || told.peer().equals(source.peer.peer())) {
      return;
    }
    Candidate known = candidates.get(told.peer());
    if (known == null) {
      if (candidates.size() < params.candidatesMax() && !told.addresses().isEmpty()) {
        Candidate fresh = new Candidate(told, source);
        candidates.put(told.peer(), fresh);
        path.add(fresh);
      }
      return;
    }
    if (known.source != source) {
      known.vouched = true;
    }
    switch (known.state) {
      case WAITING -> {
        known.peer = known.peer.mixedWith(told.addresses());
        path.add(known);
      }
      case ASKED, ANSWERED -> path.add(known);
      case FAILED -> {
        if (known.attempts < ATTEMPTS_MAX
            && !known.peer.addresses().containsAll(told.addresses())) {
          known.peer = known.peer.at(told.addresses());
          known.state = Candidate.State.WAITING;
          path.add(known);
        }
      }
      case EXCLUDED -> {}
    }
  }

  /// Notes that a peer has not answered, or answered what nobody can use.
  void failed(PeerId from) {
    Candidate candidate = settle(from);
    if (candidate == null) {
      return;
    }
    drop(candidate, Candidate.State.FAILED);
    Candidate source = candidate.source;
    if (source != null && !candidate.vouched && ++source.bogus == params.bogusPerPeerMax()) {
      for (Candidate other : candidates.values()) {
        if (other.source == source && !other.vouched && other.state == Candidate.State.WAITING) {
          drop(other, Candidate.State.EXCLUDED);
        }
      }
    }
  }

  private void drop(Candidate candidate, Candidate.State state) {
    candidate.state = state;
    paths.forEach(path -> path.remove(candidate));
  }

  /// Whether nobody is left to be asked or to answer. Asks nobody.
  boolean finished() {
    if (inFlight > 0) {
      return false;
    }
    return requests >= params.requestsMax()
        || paths.stream().allMatch(path -> path.wanted().isEmpty());
  }

  /// The nearest peers that have answered, the nearest first.
  List<PeerAddresses> closest(int max) {
    return candidates.values().stream()
        .filter(candidate -> candidate.state == Candidate.State.ANSWERED)
        .map(candidate -> candidate.peer)
        .sorted((x, y) -> target.compareDistance(x.key(), y.key()))
        .limit(max)
        .toList();
  }

  /// What was heard of a peer, whether it has answered or not.
  Optional<PeerAddresses> heardOf(PeerId peer) {
    return Optional.ofNullable(candidates.get(peer)).map(candidate -> candidate.peer);
  }

  /// The requests in a row that it took to reach a peer, the one to itself included; 0 for one that
  /// was not heard of.
  int hops(PeerId peer) {
    Candidate candidate = candidates.get(peer);
    return candidate == null ? 0 : candidate.hops;
  }

  /// Notes where a peer says itself that it listens.
  void located(PeerAddresses peer) {
    Candidate candidate = candidates.get(peer.peer());
    if (candidate != null && !peer.addresses().isEmpty()) {
      candidate.peer = peer;
    }
  }
}
