package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Board board = new Board();
  private final Map<PeerId, Long> banned = new LinkedHashMap<>();

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
    board.sessions.put(session.id, session);
    board.sources.values().forEach(source -> board.probe(session, source, out));
  }

  private void want(FetchInput.Want want, Consumer<? super FetchEffect> out) {
    Session session = board.sessions.get(want.session());
    if (session == null) {
      return;
    }
    for (Cid cid : want.cids()) {
      Cid key = Keys.of(cid);
      if (session.items.containsKey(key)) {
        continue;
      }
      Item item = board.items.get(key);
      if (item == null) {
        item = new Item(key, cid);
        board.items.put(key, item);
        out.accept(new FetchEffect.Watch(key, cid));
        item.sessions.add(session);
        session.free(item);
        for (Source source : board.sources.values()) {
          item.holders += source.haves.contains(key) ? 1 : 0;
        }
      }
      item.sessions.add(session);
      session.items.put(key, item);
      for (Map.Entry<Source, Standing> known : session.standings.entrySet()) {
        if (known.getValue() == Standing.PARTIAL) {
          board.follow(known.getKey(), item);
        }
      }
    }
    board.hungry.addAll(session.standings.keySet());
  }

  private void close(long id, Consumer<? super FetchEffect> out) {
    Session session = board.sessions.remove(id);
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
        board.forget(item, out);
      } else if (pooled) {
        item.home().free(item);
      }
    }
    if (!board.isRoot(session.rootKey) && !board.items.containsKey(session.rootKey)) {
      board
          .sources
          .values()
          .forEach(source -> board.unfollow(source, session.rootKey, session.root));
    }
    if (board.sessions.isEmpty()) {
      board.sources.values().forEach(source -> Board.expect(source, false, out));
    }
  }

  // --- peers

  private void joined(FetchInput.Joined joined, long now, Consumer<? super FetchEffect> out) {
    gone(joined.peer(), out);
    Source source = new Source(joined.peer(), joined.presences(), joined.roundTripNanos(), params);
    board.sources.put(joined.peer(), source);
    Long until = banned.get(joined.peer());
    if (until != null && until > now) {
      source.letGo = true;
      return;
    }
    board.sessions.values().forEach(session -> board.probe(session, source, out));
  }

  private void gone(PeerId peer, Consumer<? super FetchEffect> out) {
    Source source = board.sources.remove(peer);
    if (source == null) {
      return;
    }
    board.tells.forget(source);
    board.release(source, false);
    board.dropHaves(source);
    board.hungry.remove(source);
    for (Session session : board.sessions.values()) {
      Standing last = session.standings.remove(source);
      if (last != null && last != Standing.STALLED && last != Standing.LIED) {
        out.accept(new FetchEffect.Status(session.id, peer, Standing.GONE, "disconnected"));
      }
    }
  }

  private void reopened(PeerId peer) {
    Source source = board.sources.get(peer);
    if (source == null || source.letGo) {
      return;
    }
    List<Entry> all = new ArrayList<>();
    source.owed.values().forEach(item -> all.add(Entry.wantBlock(item.cid)));
    for (Cid key : source.standing) {
      if (!source.owed.containsKey(key)) {
        all.add(Entry.wantHave(board.cid(key)));
      }
    }
    board.tells.replace(source, all);
  }

  // --- what peers say

  private void presences(FetchInput.Presences input, Consumer<? super FetchEffect> out) {
    Source source = board.sources.get(input.peer());
    if (source == null || source.letGo) {
      return;
    }
    for (Presence presence : input.presences()) {
      Cid key = Keys.of(presence.cid());
      if (presence.have()) {
        board.has(source, key, out);
      } else {
        board.lacks(source, key, out);
      }
    }
  }

  private void heard(FetchInput.Heard heard, long now) {
    Source source = board.sources.get(heard.peer());
    if (source != null) {
      source.heard(heard.bytes(), now);
    }
  }

  private void arrived(FetchInput.Arrived arrived, long now, Consumer<? super FetchEffect> out) {
    Source source = board.sources.get(arrived.peer());
    Item item = board.items.get(arrived.key());
    if (source != null) {
      source.heard(0, now);
      source.size(arrived.bytes());
      source.stalls = 0;
      source.owed.remove(arrived.key());
      source.standing.remove(arrived.key());
      board.hungry.add(source);
    }
    if (item == null) {
      if (source != null) {
        board.has(source, arrived.key(), out);
      }
      return;
    }
    if (source != null) {
      item.asked.remove(source);
    }
    item.home().take(item);
    board.forget(item, out);
    for (Session session : item.sessions) {
      session.items.remove(item.key);
      if (source != null) {
        board.holds(session, source, item.key, out);
      }
      out.accept(
          new FetchEffect.Delivered(
              session.id, arrived.peer(), item.cid, arrived.bytes(), arrived.links()));
    }
  }

  private void broken(FetchInput.Broken broken, Consumer<? super FetchEffect> out) {
    Item item = board.items.get(broken.key());
    if (item != null) {
      item.sessions.forEach(s -> out.accept(new FetchEffect.Failed(s.id, broken.why())));
    }
  }

  private void unwanted(FetchInput.Unwanted unwanted, long now, Consumer<? super FetchEffect> out) {
    Source source = board.sources.get(unwanted.peer());
    if (source == null || source.letGo) {
      return;
    }
    source.heard(0, now);
    if (source.wasAsked(unwanted.key())) {
      // It comes late, or before it was wanted, where only the word was asked for: so it is there.
      board.has(source, unwanted.key(), out);
      return;
    }
    board.release(source, true);
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
    board.release(source, true);
    for (Cid key : source.standing) {
      board.tells.add(source, Entry.cancel(board.cid(key)));
    }
    board.dropHaves(source);
    source.letGo = true;
    board.hungry.remove(source);
    Board.expect(source, false, out);
    board.sessions.values().stream()
        .filter(session -> session.standings.containsKey(source))
        .forEach(session -> Board.status(session, source, standing, why, out));
  }

  // --- who is asked

  private void settle(long now, Consumer<? super FetchEffect> out) {
    while (!board.hungry.isEmpty()) {
      Source source = board.hungry.iterator().next();
      board.hungry.remove(source);
      if (source.usable(now)) {
        fill(source, now, out);
      }
    }
    board.tells.flush(out);
    tickNanos = board.items.isEmpty() ? Long.MAX_VALUE : Math.min(tickNanos, now + TICK_NANOS);
  }

  private void fill(Source source, long now, Consumer<? super FetchEffect> out) {
    while (source.owed.size() < source.depth()) {
      Item item = picker.pick(source, board.sessions.values());
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
    Board.expect(source, true, out);
    board.tells.add(source, Entry.wantBlock(item.cid));
  }

  private void takeOver(Source source, long now, Consumer<? super FetchEffect> out) {
    Picker.TakeOver found = picker.takeOver(source, board.sources.values(), now);
    if (found != null) {
      if (!found.duplicate()) {
        found.from().owed.remove(found.item().key);
        found.item().asked.remove(found.from());
        board.tells.add(found.from(), Entry.cancel(found.item().cid));
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
    for (Source source : List.copyOf(board.sources.values())) {
      if (source.crawls(nanos)) {
        letGo(source, Standing.STALLED, "sent next to nothing", out);
      } else if (source.stalls(nanos)) {
        stalled(source, nanos, out);
      }
    }
    for (Source source : board.sources.values()) {
      if (source.owed.size() < source.depth()) {
        board.hungry.add(source);
      }
    }
    settle(nanos, out);
  }

  private void stalled(Source source, long now, Consumer<? super FetchEffect> out) {
    if (++source.stalls >= params.stallsMax()) {
      letGo(source, Standing.STALLED, "stalled", out);
      return;
    }
    // What it is known to have stays known: it is slow until it delivers.
    for (Session session : board.sessions.values()) {
      if (source.owes(session)) {
        out.accept(new FetchEffect.Status(session.id, source.peer, Standing.SLOW, "sends nothing"));
      }
    }
    board.release(source, true);
    source.restUntilNanos = now + source.stalls * params.stall().toNanos();
  }

  @Override
  public long deadlineNanos() {
    return tickNanos;
  }
}
