package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Decides whom to dial: one policy over all sources of peers (spec/peers.md, "What the policy
/// promises").
///
/// It keeps a number of outbound peers of as many places as there are, tries those it has only
/// heard of one at a time so that the address book stays fresh, asks others when it has too few,
/// and begins with the longest-lived peers of the last run.
///
/// Owner: the driver's thread, or a simulation.
public final class Discovery implements Machine<DiscoveryInput, DiscoveryEffect> {

  /// Without any peer, everyone known is dialled at least so often.
  private static final Duration ISOLATED_RETRY = Duration.ofSeconds(30);

  private final DiscoveryParams params;
  private final SplittableRandom random;
  private final Links links;
  private final NamedPeers named;
  private final Contacts contacts;
  private final Enquiry enquiry;
  private final Deque<PeerId> firstDials;
  private final Deque<PeerId> challenged = new ArrayDeque<>();
  private List<PeerId> anchors;
  private boolean begun;
  private boolean changed;
  private boolean hungry;

  /// Since when nobody from elsewhere is left to dial; [Long#MAX_VALUE] for not at all.
  private long shortNanos = Long.MAX_VALUE;

  private long feelerNanos;
  private long saveNanos = Long.MAX_VALUE;
  private long savedNanos;
  private long wakeNanos = Long.MIN_VALUE;

  /// @param saved what the last run knew
  /// @param namedCount how many addresses the operator has named
  /// @param seed for jitter and choices
  public Discovery(PeerId self, DiscoveryParams params, Saved saved, int namedCount, long seed) {
    this.params = params;
    this.random = new SplittableRandom(seed);
    this.links = new Links(params);
    this.named = new NamedPeers(namedCount, links, random, params.welcome());
    this.contacts = new Contacts(self, saved, random);
    this.enquiry = new Enquiry(params, random);
    this.anchors = saved.anchors();
    this.firstDials = new ArrayDeque<>(saved.anchors());
  }

  @Override
  public void step(DiscoveryInput input, Now now, Consumer<? super DiscoveryEffect> out) {
    begin(now);
    switch (input) {
      case DiscoveryInput.Started started -> changed = true;
      case DiscoveryInput.Found found -> found(found, now);
      case DiscoveryInput.Up up -> up(up, now, out);
      case DiscoveryInput.Changed told ->
          links
              .get(told.peer())
              .ifPresent(l -> identified(l, told.self(), told.ours(), told.exchanges(), now, out));
      case DiscoveryInput.Gone(PeerId peer) -> gone(peer, now, out);
      case DiscoveryInput.DialFailed(PeerId peer) -> failed(peer, now);
      case DiscoveryInput.NamedUp(int index, PeerId peer) -> namedUp(index, peer, now, out);
      case DiscoveryInput.NamedFailed(int index) -> named.failed(index, now);
      case DiscoveryInput.NamedList(int index) -> named.listRead(index, now);
      case DiscoveryInput.Forged(PeerId peer, String what) -> {
        contacts.ban(peer, now);
        disconnect(peer, what, out);
      }
    }
    pump(now, out);
  }

  @Override
  public void tick(Now now, Consumer<? super DiscoveryEffect> out) {
    begin(now);
    pump(now, out);
  }

  @Override
  public long deadlineNanos() {
    return wakeNanos;
  }

  private void begin(Now now) {
    if (!begun) {
      begun = true;
      savedNanos = now.nanos() - params.save().toNanos();
      feelerNanos = now.nanos() + jittered(params.feeler());
      enquiry.begin(now);
    }
  }

  private long jittered(Duration time) {
    long half = time.toNanos() / 2;
    return half + random.nextLong(2 * half + 1);
  }

  private void found(DiscoveryInput.Found found, Now now) {
    Optional<Link> link = found.teller().flatMap(links::get);
    if (found.teller().isPresent() && link.isEmpty()) {
      return;
    }
    String teller = link.map(l -> l.place.region()).orElseGet(() -> found.source().toString());
    Neighbourhood.Reach from =
        link.map(l -> l.place.reach())
            .orElseGet(
                () ->
                    switch (found.source()) {
                      case LOCAL, NAMED, CACHE -> Neighbourhood.Reach.COMPUTER;
                      case INBOUND, EXCHANGE, DHT -> narrowest();
                    });
    boolean any = false;
    for (Told told :
        found.peers().subList(0, Math.min(found.peers().size(), DiscoveryParams.TOLD_MAX))) {
      any |= contacts.learn(found.source(), teller, from, told, now);
    }
    if (any) {
      enquiry.fruitful();
      changed = true;
    }
  }

  /// The narrowest place that this node has peers in: what a look-up tells of it may be meant here.
  private Neighbourhood.Reach narrowest() {
    return links.all().stream()
        .map(l -> l.place.reach())
        .min(Neighbourhood.Reach::compareTo)
        .orElse(Neighbourhood.Reach.INTERNET);
  }

  private void up(DiscoveryInput.Up up, Now now, Consumer<? super DiscoveryEffect> out) {
    Optional<Links.Attempt> attempt = Optional.ofNullable(links.attempts().remove(up.peer()));
    Link.Purpose purpose =
        up.outbound()
            ? attempt.map(Links.Attempt::purpose).orElse(Link.Purpose.NONE)
            : Link.Purpose.NONE;
    if (named.contains(up.peer())) {
      purpose = Link.Purpose.NAMED;
      out.accept(new DiscoveryEffect.Protect(up.peer()));
    }
    Link link = new Link(up, purpose, now.nanos());
    links.byPeer().put(up.peer(), link);
    changed = true;
    if (contacts.banned(up.peer(), now)) {
      disconnect(up.peer(), "it has handed on what is forged", out);
      return;
    }
    identified(link, up.self(), up.ours(), up.exchanges(), now, out);
  }

  private void identified(
      Link link,
      Told self,
      boolean ours,
      boolean exchanges,
      Now now,
      Consumer<? super DiscoveryEffect> out) {
    boolean first = ours && !link.ours;
    link.ours = ours;
    link.exchanges = exchanges;
    if (!first || link.leaving) {
      return;
    }
    changed = true;
    if (link.outbound) {
      contacts
          .proven(link, self, c -> links.busyWith(c.peer), now)
          .ifPresent(c -> challenge(c.peer));
      place(link, now, out);
    } else {
      contacts.met(link, self, now);
    }
    if (exchanges && !link.leaving && (link.outbound || hungry)) {
      out.accept(new DiscoveryEffect.Ask(link.peer));
    }
  }

  private void challenge(PeerId peer) {
    if (challenged.size() < AddressBook.BUCKET_MAX && !challenged.contains(peer)) {
      challenged.add(peer);
    }
  }

  /// Gives an outbound peer a place, or lets it go when it was only tried or is one too many.
  private void place(Link link, Now now, Consumer<? super DiscoveryEffect> out) {
    boolean free = links.chosen() < params.outbound();
    boolean strict = link.purpose != Link.Purpose.OUTBOUND;
    if (link.purpose == Link.Purpose.NAMED || free && links.allows(link.place, strict)) {
      choose(link, out);
      return;
    }
    Optional<Link> excess = links.excess();
    if (excess.isPresent() && links.allows(link.place, true)) {
      choose(link, out);
      contacts.rest(excess.get().peer, params.feeler(), now);
      disconnect(excess.get().peer, "a peer from elsewhere takes its place", out);
      return;
    }
    if (link.purpose != Link.Purpose.NONE) {
      contacts.rest(link.peer, params.feeler(), now);
      disconnect(link.peer, "it is there, and enough others are", out);
    }
  }

  private void choose(Link link, Consumer<? super DiscoveryEffect> out) {
    link.chosen = true;
    changed = true;
    out.accept(new DiscoveryEffect.Protect(link.peer));
  }

  private void disconnect(PeerId peer, String why, Consumer<? super DiscoveryEffect> out) {
    links
        .get(peer)
        .filter(l -> !l.leaving)
        .ifPresent(
            l -> {
              l.leaving = true;
              l.chosen = false;
              out.accept(new DiscoveryEffect.Disconnect(peer, why));
            });
  }

  private void gone(PeerId peer, Now now, Consumer<? super DiscoveryEffect> out) {
    Optional<Link> found = Optional.ofNullable(links.byPeer().remove(peer));
    if (found.isEmpty()) {
      return;
    }
    Link link = found.get();
    changed = true;
    out.accept(new DiscoveryEffect.Unprotect(peer));
    named.gone(peer, now);
    boolean brief = now.nanos() - link.sinceNanos < DiscoveryParams.BRIEF.toNanos();
    if (link.outbound && brief && !link.leaving) {
      contacts.failed(peer, links.isolated(), now);
    }
  }

  private void failed(PeerId peer, Now now) {
    if (links.attempts().remove(peer) != null) {
      contacts.failed(peer, links.isolated(), now);
      changed = true;
    }
  }

  private void namedUp(int index, PeerId peer, Now now, Consumer<? super DiscoveryEffect> out) {
    named.up(index, peer, now);
    links
        .get(peer)
        .filter(l -> l.purpose != Link.Purpose.NAMED)
        .ifPresent(
            link -> {
              link.purpose = Link.Purpose.NAMED;
              out.accept(new DiscoveryEffect.Protect(peer));
              if (link.outbound && link.ours && !link.leaving && !link.chosen) {
                choose(link, out);
              }
            });
  }

  private void pump(Now now, Consumer<? super DiscoveryEffect> out) {
    named.pump(now, out);
    overdue(now);
    dismissStrangers(now, out);
    adopt(out);
    fill(now, out);
    feel(now, out);
    enquiry.pump(now, hungry, links, out);
    save(now, out);
    if (changed) {
      changed = false;
      out.accept(new DiscoveryEffect.Changed());
    }
    wakeNanos = wake(now);
  }

  private void overdue(Now now) {
    List<PeerId> late = new ArrayList<>();
    links
        .attempts()
        .forEach(
            (peer, attempt) -> {
              if (now.nanos() - attempt.sinceNanos() >= params.dialTime().toNanos()) {
                late.add(peer);
              }
            });
    late.forEach(peer -> failed(peer, now));
  }

  /// Whoever was dialled and is of another chain may go. On the local network it may stay: other
  /// libp2p programs are no strangers there.
  private void dismissStrangers(Now now, Consumer<? super DiscoveryEffect> out) {
    for (Link link : List.copyOf(links.all())) {
      boolean late = now.nanos() - link.sinceNanos >= params.welcome().toNanos();
      boolean dialled =
          link.purpose == Link.Purpose.OUTBOUND || link.purpose == Link.Purpose.FEELER;
      if (late && dialled && !link.ours && !link.leaving) {
        boolean local =
            contacts.book().get(link.peer).filter(c -> c.source == Source.LOCAL).isPresent();
        link.purpose = Link.Purpose.NONE;
        contacts.avoid(link.peer, now);
        if (!local) {
          disconnect(link.peer, "it is of another chain", out);
        }
      }
    }
  }

  /// Outbound peers that another part of the node dialled may have the places that are free.
  private void adopt(Consumer<? super DiscoveryEffect> out) {
    for (Link link : links.all()) {
      boolean could = link.outbound && link.ours && !link.chosen && !link.leaving;
      if (could && links.chosen() < params.outbound() && links.allows(link.place, true)) {
        choose(link, out);
      }
    }
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
    changed = true;
    out.accept(new DiscoveryEffect.Dial(candidate.peer, candidate.addresses));
  }

  private Optional<Candidate> anchor(Now now) {
    while (!firstDials.isEmpty()) {
      Optional<Candidate> anchor =
          contacts.book().get(firstDials.poll()).filter(c -> eligible(c, now));
      if (anchor.isPresent()) {
        return anchor;
      }
    }
    return Optional.empty();
  }

  private Optional<Candidate> candidate(Now now, boolean strict) {
    boolean tried = random.nextBoolean();
    AddressBook book = contacts.book();
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
            .flatMap(contacts.book()::get)
            .filter(c -> eligible(c, now))
            .or(() -> contacts.book().pick(false, c -> eligible(c, now), random));
    next.ifPresent(c -> dial(c, Link.Purpose.FEELER, now, out));
  }

  private void save(Now now, Consumer<? super DiscoveryEffect> out) {
    List<PeerId> current = links.anchors(anchors);
    boolean moved = !current.equals(anchors);
    anchors = current;
    changed |= moved;
    if (contacts.takeChanged() || moved) {
      long soonest =
          Math.max(now.nanos() + params.settle().toNanos(), savedNanos + params.save().toNanos());
      saveNanos = Math.min(saveNanos, soonest);
    }
    if (saveNanos <= now.nanos()) {
      saveNanos = Long.MAX_VALUE;
      savedNanos = now.nanos();
      out.accept(new DiscoveryEffect.Save());
    }
  }

  private long wake(Now now) {
    long wake = Math.min(Math.min(feelerNanos, saveNanos), named.dueNanos());
    wake = Math.min(wake, enquiry.dueNanos());
    for (Links.Attempt attempt : links.attempts().values()) {
      wake = Math.min(wake, attempt.sinceNanos() + params.dialTime().toNanos());
    }
    for (Link link : links.all()) {
      if (!link.ours
          && !link.leaving
          && link.purpose != Link.Purpose.NONE
          && link.purpose != Link.Purpose.NAMED) {
        wake = Math.min(wake, link.sinceNanos + params.welcome().toNanos());
      }
    }
    if (hungry) {
      long lastResort = shortNanos + DiscoveryParams.PATIENCE.toNanos();
      wake = lastResort > now.nanos() ? Math.min(wake, lastResort) : wake;
      for (Candidate c : contacts.book().all()) {
        long retry = retryNanos(c);
        if (retry > now.nanos()) {
          wake = Math.min(wake, retry);
        }
      }
    }
    return wake;
  }

  /// What to keep over a restart. Read by the owner only.
  public Saved saved() {
    return contacts.saved(links.anchors(anchors));
  }

  /// Where things stand. Read by the owner only.
  public DiscoveryView view(Now now) {
    List<DiscoveryView.Peer> peers = new ArrayList<>();
    for (Link l : links.all()) {
      peers.add(
          new DiscoveryView.Peer(
              l.peer,
              l.chosen,
              l.ours,
              anchors.contains(l.peer),
              contacts.book().get(l.peer).map(c -> c.source),
              l.place.net(),
              l.sinceNanos));
    }
    return new DiscoveryView(
        peers,
        links.chosen(),
        params.outbound(),
        links.attempts().size(),
        contacts.book().triedCount(),
        contacts.book().newCount(),
        contacts.bySource(),
        anchors,
        contacts.shareable(links, now.wallMillis()));
  }
}
