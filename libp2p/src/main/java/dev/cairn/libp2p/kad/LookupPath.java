package dev.cairn.libp2p.kad;

import java.util.Optional;
import java.util.TreeSet;

/// One of the disjoint paths of a look-up: the peers that its own answers told of, in the order of
/// their distance. It is done when the nearest of them have been asked, by it or by another path.
///
/// Owner: its [Lookup].
final class LookupPath {

  private final TreeSet<Candidate> candidates;
  private final int breadth;
  private final int candidatesMax;
  private final int requestsMax;
  private int requests;
  private int inFlight;

  /// @param breadth how many of the nearest have to be asked: k
  LookupPath(KadKey target, int breadth, int candidatesMax, int requestsMax) {
    this.candidates = new TreeSet<>((x, y) -> target.compareDistance(x.peer.key(), y.peer.key()));
    this.breadth = breadth;
    this.candidatesMax = candidatesMax;
    this.requestsMax = requestsMax;
  }

  void add(Candidate candidate) {
    candidates.add(candidate);
    if (candidates.size() > candidatesMax) {
      candidates.pollLast();
    }
  }

  void remove(Candidate candidate) {
    candidates.remove(candidate);
  }

  int inFlight() {
    return inFlight;
  }

  /// The nearest peer that is still to be asked.
  Optional<Candidate> wanted() {
    if (requests >= requestsMax) {
      return Optional.empty();
    }
    int seen = 0;
    for (Candidate candidate : candidates) {
      if (candidate.state == Candidate.State.WAITING) {
        return Optional.of(candidate);
      }
      if (++seen == breadth) {
        break;
      }
    }
    return Optional.empty();
  }

  void asked() {
    requests++;
    inFlight++;
  }

  void settled() {
    inFlight--;
  }
}
