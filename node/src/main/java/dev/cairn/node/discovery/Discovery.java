package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Decides whom to dial: one policy over all sources of peers (spec/peers.md, "What the policy
/// promises").
///
/// It keeps a number of outbound peers of as many places as there are, tries those it has only
/// heard of one at a time so that the address book stays fresh, asks others when it has too few,
/// and begins with the longest-lived peers of the last run.
///
/// Owner: the driver's thread, or a simulation.
public final class Discovery implements Machine<DiscoveryInput, DiscoveryEffect> {

  private final DiscoveryParams params;
  private final SplittableRandom random;
  private final Links links;
  private final NamedPeers named;
  private final Contacts contacts;
  private final Enquiry enquiry;
  private final Dials dials;
  private List<PeerId> anchors;
  private boolean begun;
  private boolean changed;
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
    this.dials = new Dials(params, links, named, contacts.book(), saved.anchors(), random);
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
      dials.begin(now);
      enquiry.begin(now);
    }
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
          .ifPresent(c -> dials.challenge(c.peer));
      place(link, now, out);
    } else {
      contacts.met(link, self, now);
    }
    if (exchanges && !link.leaving && (link.outbound || dials.hungry())) {
      out.accept(new DiscoveryEffect.Ask(link.peer));
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
    changed |= dials.pump(now, out);
    enquiry.pump(now, dials.hungry(), links, out);
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
      if (late && link.dialled() && !link.ours && !link.leaving) {
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
    long wake = Math.min(Math.min(saveNanos, named.dueNanos()), enquiry.dueNanos());
    wake = Math.min(wake, dials.dueNanos(now));
    for (Link link : links.all()) {
      if (!link.ours && !link.leaving && link.dialled()) {
        wake = Math.min(wake, link.sinceNanos + params.welcome().toNanos());
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
