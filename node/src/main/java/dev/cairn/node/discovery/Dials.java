package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Whom to dial next: first the anchors, then whoever is from elsewhere, at last whoever there is;
/// and now and then one just to see whether it answers. Owner: the machine that holds it.
final class Dials {

  /// Without any peer, everyone known is dialled at least so often.
  private static final Duration ISOLATED_RETRY = Duration.ofSeconds(30);

  private final DiscoveryParams params;
  private final Links links;
  private final NamedPeers named;
  private final AddressBook book;
  private final SplittableRandom random;
  private final Deque<PeerId> firstDials;
  private final Deque<PeerId> challenged = new ArrayDeque<>();
  private boolean hungry;
  private boolean dialled;

  /// Since when nobody from elsewhere is left to dial; [Long#MAX_VALUE] for not at all.
  private long shortNanos = Long.MAX_VALUE;

  private long feelerNanos;

  Dials(
      DiscoveryParams params,
      Links links,
      NamedPeers named,
      AddressBook book,
      List<PeerId> anchors,
      SplittableRandom random) {
    this.params = params;
    this.links = links;
    this.named = named;
    this.book = book;
    this.random = random;
    this.firstDials = new ArrayDeque<>(anchors);
  }

  void begin(Now now) {
    feelerNanos = now.nanos() + jittered(params.feeler());
  }

  private long jittered(Duration time) {
    long half = time.toNanos() / 2;
    return half + random.nextLong(2 * half + 1);
  }

  /// A peer must prove itself to keep its place.
  void challenge(PeerId peer) {
    if (challenged.size() < AddressBook.BUCKET_MAX && !challenged.contains(peer)) {
      challenged.add(peer);
    }
  }

  /// Whether there are too few outbound peers and nobody from elsewhere to dial.
  boolean hungry() {
    return hungry;
  }

  /// Dials whom it is time to dial; true when it has dialled anyone.
  boolean pump(Now now, Consumer<? super DiscoveryEffect> out) {
    dialled = false;
    fill(now, out);
    feel(now, out);
    return dialled;
  }

  private void fill(Now now, Consumer<? super DiscoveryEffect> out) {
    hungry = false;
    while (links.free(named.dialling()) > 0 && mayDial()) {
      Optional<Candidate> next = anchor(now).or(() -> candidate(now, true));
      if (next.isPresent()) {
        shortNanos = Long.MAX_VALUE;
      } else {
        hungry = true;
        shortNanos = Math.min(shortNanos, now.nanos());
        next = lastResort(now);
      }
      if (next.isEmpty()) {
        return;
      }
      dial(next.get(), Link.Purpose.OUTBOUND, now, out);
    }
    if (links.excess().isPresent() && links.attempts().isEmpty() && mayDial()) {
      candidate(now, true).ifPresent(c -> dial(c, Link.Purpose.FEELER, now, out));
    }
  }

  private boolean mayDial() {
    return links.room() && links.attempts().size() < params.dials();
  }

  /// Too many of one place are better than too few of all, but only when nobody else has come for a
  /// while.
  private Optional<Candidate> lastResort(Now now) {
    boolean patient = now.nanos() - shortNanos < DiscoveryParams.PATIENCE.toNanos();
    return patient || !links.attempts().isEmpty() ? Optional.empty() : candidate(now, false);
  }

  private void dial(
      Candidate candidate, Link.Purpose purpose, Now now, Consumer<? super DiscoveryEffect> out) {
    candidate.dialledNanos = now.nanos();
    links.attempts().put(candidate.peer, new Links.Attempt(candidate, purpose, now.nanos()));
    dialled = true;
    out.accept(new DiscoveryEffect.Dial(candidate.peer, candidate.addresses));
  }

  private Optional<Candidate> anchor(Now now) {
    while (!firstDials.isEmpty()) {
      Optional<Candidate> anchor = book.get(firstDials.poll()).filter(c -> eligible(c, now));
      if (anchor.isPresent()) {
        return anchor;
      }
    }
    return Optional.empty();
  }

  private Optional<Candidate> candidate(Now now, boolean strict) {
    boolean tried = random.nextBoolean();
    Predicate<Candidate> fits = c -> eligible(c, now) && links.allows(c.place, strict);
    return book.pick(tried, fits, random).or(() -> book.pick(!tried, fits, random));
  }

  private boolean eligible(Candidate c, Now now) {
    return !links.busyWith(c.peer) && retryNanos(c) <= now.nanos();
  }

  private long retryNanos(Candidate c) {
    return links.isolated() && c.dialledNanos != Long.MIN_VALUE
        ? Math.min(c.retryNanos, c.dialledNanos + ISOLATED_RETRY.toNanos())
        : c.retryNanos;
  }

  /// Now and then one more is tried: one that must prove itself to keep its place, or one that was
  /// only heard of.
  private void feel(Now now, Consumer<? super DiscoveryEffect> out) {
    if (now.nanos() < feelerNanos) {
      return;
    }
    feelerNanos = now.nanos() + jittered(params.feeler());
    if (!links.room() || links.attempts().size() >= params.dials()) {
      return;
    }
    Optional<Candidate> next =
        Optional.ofNullable(challenged.poll())
            .flatMap(book::get)
            .filter(c -> eligible(c, now))
            .or(() -> book.pick(false, c -> eligible(c, now), random));
    next.ifPresent(c -> dial(c, Link.Purpose.FEELER, now, out));
  }

  /// When [#pump] has something to do even if nothing else happens.
  long dueNanos(Now now) {
    long due = feelerNanos;
    for (Links.Attempt attempt : links.attempts().values()) {
      due = Math.min(due, attempt.sinceNanos() + params.dialTime().toNanos());
    }
    if (hungry) {
      long lastResort = shortNanos + DiscoveryParams.PATIENCE.toNanos();
      due = lastResort > now.nanos() ? Math.min(due, lastResort) : due;
      for (Candidate c : book.all()) {
        long retry = retryNanos(c);
        due = retry > now.nanos() ? Math.min(due, retry) : due;
      }
    }
    return due;
  }
}
