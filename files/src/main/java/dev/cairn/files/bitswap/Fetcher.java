package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The asking side of Bitswap: which peer is asked for which block.
///
/// Each peer is asked for as much as it delivers in a short while, so that the fast ones get most
/// of the work, and is asked again as it delivers. A peer that has the root is first taken to have
/// everything below it; once it lacks a block it is asked only for what it says it has, and told
/// with want-haves what to say so of. What nobody was asked for goes to whoever has room, the
/// blocks with the fewest holders first and at random among these; when all of it is asked for, an
/// idle peer takes over what waits longest elsewhere.
///
/// A peer that owes blocks and stalls loses them to others and rests, then is let go; one that
/// sends blocks that nobody had asked for loses them at once.
///
/// Owner: its driver's thread.
final class Fetcher implements Machine<FetchInput, FetchEffect> {

  /// How often stalls are looked for while something is owed.
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// The peers remembered that were let go for lies.
  private static final int BANNED_MAX = 256;

  private static final long BAN_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final BitswapParams params;
  private final Picker picker;
  private final Map<PeerId, Source> sources = new LinkedHashMap<>();
  private final Map<Long, Session> sessions = new LinkedHashMap<>();
  private final Map<Cid, Item> items = new LinkedHashMap<>();
  private final Map<PeerId, Long> banned = new LinkedHashMap<>();
  private final Tells tells = new Tells();

  /// Those with room that may find something to ask for.
  private final Set<Source> hungry = new LinkedHashSet<>();

  private long tickNanos = Long.MAX_VALUE;

  /// @param seed decides among blocks that are as rare as each other
  Fetcher(BitswapParams params, long seed) {
    this.params = params;
    this.picker = new Picker(new SplittableRandom(seed));
  }

  @Override
  public void step(FetchInput input, Now now, Consumer<? super FetchEffect> out) {
    long nanos = now.nanos();
    switch (input) {
      case FetchInput.Open open -> open(open, out);
      case FetchInput.Want want -> want(want, out);
      case FetchInput.Close close -> close(close.session(), out);
      case FetchInput.Joined joined -> joined(joined, nanos, out);
      case FetchInput.Gone gone -> gone(gone.peer(), out);
      case FetchInput.Reopened reopened -> reopened(reopened.peer());
      case FetchInput.Presences presences -> presences(presences, out);
      case FetchInput.Heard heard -> heard(heard, nanos);
      case FetchInput.Arrived arrived -> arrived(arrived, nanos, out);
      case FetchInput.Unwanted unwanted -> unwanted(unwanted, nanos, out);
      case FetchInput.Broken broken -> broken(broken, out);
    }
    settle(nanos, out);
  }

  // --- sessions

  private void open(FetchInput.Open open, Consumer<? super FetchEffect> out) {
    Session session = new Session(open.session(), open.root(), open.only(), open.inOrder());
    sessions.put(session.id, session);
    sources.values().forEach(source -> probe(session, source, out));
  }

  private void probe(Session session, Source source, Consumer<? super FetchEffect> out) {
    if (source.letGo || !session.allows(source)) {
      return;
    }
    if (source.presences) {
      status(session, source, Standing.ASKED, "", out);
      tells.add(source, Entry.wantHave(session.root));
      source.standing.add(session.rootKey);
      source.note(session.rootKey);
      expect(source, true, out);
    } else {
      // It cannot say what it has: it is asked, and rests if nothing comes.
      status(session, source, Standing.COMPLETE, "", out);
      hungry.add(source);
    }
  }

  private void want(FetchInput.Want want, Consumer<? super FetchEffect> out) {
    Session session = sessions.get(want.session());
    if (session == null) {
      return;
    }
    for (Cid cid : want.cids()) {
      Cid key = Keys.of(cid);
      if (session.items.containsKey(key)) {
        continue;
      }
      Item item = items.get(key);
      if (item == null) {
        item = new Item(key, cid);
        items.put(key, item);
        out.accept(new FetchEffect.Watch(key, cid));
        item.sessions.add(session);
        session.free(item);
        for (Source source : sources.values()) {
          item.holders += source.haves.contains(key) ? 1 : 0;
        }
      }
      item.sessions.add(session);
      session.items.put(key, item);
      for (Map.Entry<Source, Standing> known : session.standings.entrySet()) {
        if (known.getValue() == Standing.PARTIAL) {
          follow(known.getKey(), item);
        }
      }
    }
    hungry.addAll(session.standings.keySet());
  }

  /// Asks a peer to say when it has a block.
  private void follow(Source source, Item item) {
    if (!source.haves.contains(item.key)
        && !source.owed.containsKey(item.key)
        && source.standing.add(item.key)) {
      source.note(item.key);
      tells.add(source, Entry.wantHave(item.cid));
    }
  }

  private void close(long id, Consumer<? super FetchEffect> out) {
    Session session = sessions.remove(id);
    if (session == null) {
      return;
    }
    for (Item item : session.items.values()) {
      boolean pooled = item.place >= 0;
      if (pooled) {
        item.home().take(item);
      }
      item.sessions.remove(session);
      if (item.sessions.isEmpty()) {
        forget(item, out);
      } else if (pooled) {
        item.home().free(item);
      }
    }
    if (!isRoot(session.rootKey) && !items.containsKey(session.rootKey)) {
      sources.values().forEach(source -> unfollow(source, session.rootKey, session.root));
    }
    if (sessions.isEmpty()) {
      sources.values().forEach(source -> expect(source, false, out));
    }
  }

  private void unfollow(Source source, Cid key, Cid cid) {
    if (source.standing.remove(key) && !source.letGo) {
      tells.add(source, Entry.cancel(cid));
    }
  }

  /// Takes an item out of everything, and tells whoever was asked for it.
  private void forget(Item item, Consumer<? super FetchEffect> out) {
    items.remove(item.key);
    out.accept(new FetchEffect.Unwatch(item.key));
    for (Source source : item.asked) {
      source.owed.remove(item.key);
      tells.add(source, Entry.cancel(item.cid));
      hungry.add(source);
    }
    item.asked.clear();
    for (Source source : sources.values()) {
      source.haves.remove(item.key);
      if (!isRoot(item.key)) {
        unfollow(source, item.key, item.cid);
      }
    }
  }

  /// The answers to the question who has the root are of use when it is here, too.
  private boolean isRoot(Cid key) {
    return sessions.values().stream().anyMatch(session -> session.rootKey.equals(key));
  }

  private static void status(
      Session session,
      Source source,
      Standing standing,
      String why,
      Consumer<? super FetchEffect> out) {
    if (standing != session.standings.put(source, standing)) {
      out.accept(new FetchEffect.Status(session.id, source.peer, standing, why));
    }
  }

  // --- peers

  private void joined(FetchInput.Joined joined, long now, Consumer<? super FetchEffect> out) {
    gone(joined.peer(), out);
    Source source = new Source(joined.peer(), joined.presences(), joined.roundTripNanos(), params);
    sources.put(joined.peer(), source);
    Long until = banned.get(joined.peer());
    if (until != null && until > now) {
      source.letGo = true;
      return;
    }
    sessions.values().forEach(session -> probe(session, source, out));
  }

  private void gone(PeerId peer, Consumer<? super FetchEffect> out) {
    Source source = sources.remove(peer);
    if (source == null) {
      return;
    }
    tells.forget(source);
    release(source, false);
    dropHaves(source);
    hungry.remove(source);
    for (Session session : sessions.values()) {
      Standing last = session.standings.remove(source);
      if (last != null && last != Standing.STALLED && last != Standing.LIED) {
        out.accept(new FetchEffect.Status(session.id, peer, Standing.GONE, "disconnected"));
      }
    }
  }

  private void dropHaves(Source source) {
    for (Cid key : source.haves) {
      Item item = items.get(key);
      if (item != null) {
        item.holders--;
      }
    }
    source.haves.clear();
    source.standing.clear();
  }

  /// Gives what a peer owes back to the pools.
  private void release(Source source, boolean tell) {
    for (Item item : source.owed.values()) {
      item.asked.remove(source);
      if (item.asked.isEmpty()) {
        item.home().free(item);
      }
      if (tell) {
        tells.add(source, Entry.cancel(item.cid));
      }
    }
    source.owed.clear();
    hungry.addAll(sources.values());
  }

  private void reopened(PeerId peer) {
    Source source = sources.get(peer);
    if (source == null || source.letGo) {
      return;
    }
    List<Entry> all = new ArrayList<>();
    source.owed.values().forEach(item -> all.add(Entry.wantBlock(item.cid)));
    for (Cid key : source.standing) {
      if (!source.owed.containsKey(key)) {
        all.add(Entry.wantHave(cid(key)));
      }
    }
    tells.replace(source, all);
  }

  /// A key as its session named it.
  private Cid cid(Cid key) {
    Item item = items.get(key);
    if (item != null) {
      return item.cid;
    }
    return sessions.values().stream()
        .filter(session -> session.rootKey.equals(key))
        .map(session -> session.root)
        .findFirst()
        .orElse(key);
  }

  // --- what peers say

  private void presences(FetchInput.Presences input, Consumer<? super FetchEffect> out) {
    Source source = sources.get(input.peer());
    if (source == null || source.letGo) {
      return;
    }
    for (Presence presence : input.presences()) {
      Cid key = Keys.of(presence.cid());
      if (presence.have()) {
        has(source, key, out);
      } else {
        lacks(source, key, out);
      }
    }
  }

  private void has(Source source, Cid key, Consumer<? super FetchEffect> out) {
    source.standing.remove(key);
    Item item = items.get(key);
    if (item != null && source.haves.add(key)) {
      item.holders++;
      hungry.add(source);
    }
    for (Session session : sessions.values()) {
      boolean root = session.rootKey.equals(key);
      Standing known = session.standing(source);
      if (root && (known == Standing.ASKED || known == Standing.LACKS)) {
        status(session, source, Standing.COMPLETE, "", out);
        hungry.add(source);
      } else if (known == Standing.LACKS && session.items.containsKey(key)) {
        partial(session, source, out);
      }
    }
  }

  private void lacks(Source source, Cid key, Consumer<? super FetchEffect> out) {
    Item owed = source.owed.remove(key);
    if (owed != null) {
      owed.asked.remove(source);
      if (owed.asked.isEmpty()) {
        owed.home().free(owed);
        hungry.addAll(sources.values());
      }
      // The want for the block would stand: only the word is wanted now.
      tells.add(source, Entry.cancel(owed.cid));
    }
    Item item = items.get(key);
    if (item != null && source.haves.remove(key)) {
      item.holders--;
    }
    for (Session session : sessions.values()) {
      if (session.rootKey.equals(key) && session.standing(source) == Standing.ASKED) {
        status(session, source, Standing.LACKS, "has not got it", out);
      } else if (session.items.containsKey(key) && session.standing(source) == Standing.COMPLETE) {
        partial(session, source, out);
      }
    }
    if (owed != null) {
      follow(source, owed);
    }
  }

  private void partial(Session session, Source source, Consumer<? super FetchEffect> out) {
    status(session, source, Standing.PARTIAL, "has a part", out);
    session.items.values().forEach(item -> follow(source, item));
    hungry.add(source);
  }

  private void heard(FetchInput.Heard heard, long now) {
    Source source = sources.get(heard.peer());
    if (source != null) {
      source.heard(heard.bytes(), now);
    }
  }

  private void arrived(FetchInput.Arrived arrived, long now, Consumer<? super FetchEffect> out) {
    Source source = sources.get(arrived.peer());
    Item item = items.get(arrived.key());
    if (source != null) {
      source.heard(0, now);
      source.size(arrived.bytes());
      source.stalls = 0;
      source.owed.remove(arrived.key());
      source.standing.remove(arrived.key());
      hungry.add(source);
    }
    if (item == null) {
      if (source != null) {
        has(source, arrived.key(), out);
      }
      return;
    }
    if (source != null) {
      item.asked.remove(source);
    }
    item.home().take(item);
    forget(item, out);
    for (Session session : item.sessions) {
      session.items.remove(item.key);
      if (source != null) {
        showed(session, source, item.key, out);
      }
      out.accept(
          new FetchEffect.Delivered(
              session.id, arrived.peer(), item.cid, arrived.bytes(), arrived.links()));
    }
  }

  /// Who sends a block has it: a small one comes where only the word was asked for.
  private void showed(Session session, Source source, Cid key, Consumer<? super FetchEffect> out) {
    Standing known = session.standing(source);
    if (known == Standing.ASKED || known == Standing.LACKS) {
      boolean root = session.rootKey.equals(key);
      status(session, source, root ? Standing.COMPLETE : Standing.PARTIAL, "", out);
    }
  }

  private void broken(FetchInput.Broken broken, Consumer<? super FetchEffect> out) {
    Item item = items.get(broken.key());
    if (item != null) {
      item.sessions.forEach(s -> out.accept(new FetchEffect.Failed(s.id, broken.why())));
    }
  }

  private void unwanted(FetchInput.Unwanted unwanted, long now, Consumer<? super FetchEffect> out) {
    Source source = sources.get(unwanted.peer());
    if (source == null || source.letGo) {
      return;
    }
    source.heard(0, now);
    if (source.wasAsked(unwanted.key())) {
      // It comes late, or before it was wanted, where only the word was asked for: so it is there.
      has(source, unwanted.key(), out);
      return;
    }
    release(source, true);
    source.restUntilNanos = now + TICK_NANOS;
    if (++source.strikes >= params.strikesMax()) {
      letGo(source, Standing.LIED, "sent blocks that nobody had asked for", out);
      banned.put(source.peer, now + BAN_NANOS);
      if (banned.size() > BANNED_MAX) {
        banned.remove(banned.keySet().iterator().next());
      }
      out.accept(new FetchEffect.LetGo(source.peer, "sent blocks that nobody had asked for"));
    }
  }

  private void letGo(
      Source source, Standing standing, String why, Consumer<? super FetchEffect> out) {
    release(source, true);
    for (Cid key : source.standing) {
      tells.add(source, Entry.cancel(cid(key)));
    }
    dropHaves(source);
    source.letGo = true;
    hungry.remove(source);
    expect(source, false, out);
    sessions.values().stream()
        .filter(session -> session.standings.containsKey(source))
        .forEach(session -> status(session, source, standing, why, out));
  }

  private static void expect(Source source, boolean blocks, Consumer<? super FetchEffect> out) {
    if (source.expecting != blocks) {
      source.expecting = blocks;
      out.accept(new FetchEffect.Expect(source.peer, blocks));
    }
  }

  // --- who is asked

  private void settle(long now, Consumer<? super FetchEffect> out) {
    while (!hungry.isEmpty()) {
      Source source = hungry.iterator().next();
      hungry.remove(source);
      if (source.usable(now)) {
        fill(source, now, out);
      }
    }
    tells.flush(out);
    tickNanos = items.isEmpty() ? Long.MAX_VALUE : Math.min(tickNanos, now + TICK_NANOS);
  }

  private void fill(Source source, long now, Consumer<? super FetchEffect> out) {
    while (source.owed.size() < source.depth()) {
      Item item = picker.pick(source, sessions.values());
      if (item == null) {
        if (source.owed.isEmpty()) {
          takeOver(source, now, out);
        }
        return;
      }
      ask(source, item, now, out);
    }
  }

  private void ask(Source source, Item item, long now, Consumer<? super FetchEffect> out) {
    item.home().take(item);
    item.asked.add(source);
    source.ask(item, now);
    expect(source, true, out);
    tells.add(source, Entry.wantBlock(item.cid));
  }

  private void takeOver(Source source, long now, Consumer<? super FetchEffect> out) {
    Picker.TakeOver found = picker.takeOver(source, sources.values(), now);
    if (found != null) {
      if (!found.duplicate()) {
        found.from().owed.remove(found.item().key);
        found.item().asked.remove(found.from());
        tells.add(found.from(), Entry.cancel(found.item().cid));
      }
      ask(source, found.item(), now, out);
    }
  }

  @Override
  public void tick(Now now, Consumer<? super FetchEffect> out) {
    long nanos = now.nanos();
    if (nanos < tickNanos) {
      return;
    }
    tickNanos = Long.MAX_VALUE;
    for (Source source : List.copyOf(sources.values())) {
      if (source.crawls(nanos)) {
        letGo(source, Standing.STALLED, "sent next to nothing", out);
      } else if (source.stalls(nanos)) {
        stalled(source, nanos, out);
      }
    }
    for (Source source : sources.values()) {
      if (source.owed.size() < source.depth()) {
        hungry.add(source);
      }
    }
    settle(nanos, out);
  }

  private void stalled(Source source, long now, Consumer<? super FetchEffect> out) {
    if (++source.stalls >= params.stallsMax()) {
      letGo(source, Standing.STALLED, "stalled", out);
      return;
    }
    release(source, true);
    source.restUntilNanos = now + source.stalls * params.stall().toNanos();
  }

  @Override
  public long deadlineNanos() {
    return tickNanos;
  }
}
