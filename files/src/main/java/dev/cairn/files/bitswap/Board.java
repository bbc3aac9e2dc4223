package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Who has what, who was asked for what, and who wants it: all that a [Fetcher] knows, with the
/// changes that keep it consistent.
///
/// Owner: the [Fetcher].
final class Board {

  final Map<PeerId, Source> sources = new LinkedHashMap<>();
  final Map<Long, Session> sessions = new LinkedHashMap<>();
  final Map<Cid, Item> items = new LinkedHashMap<>();
  final Tells tells = new Tells();

  /// Those with room that may find something to ask for.
  final Set<Source> hungry = new LinkedHashSet<>();

  void probe(Session session, Source source, Consumer<? super FetchEffect> out) {
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

  /// Asks a peer to say when it has a block.
  void follow(Source source, Item item) {
    if (!source.haves.contains(item.key)
        && !source.owed.containsKey(item.key)
        && source.standing.add(item.key)) {
      source.note(item.key);
      tells.add(source, Entry.wantHave(item.cid));
    }
  }

  void unfollow(Source source, Cid key, Cid cid) {
    if (source.standing.remove(key) && !source.letGo) {
      tells.add(source, Entry.cancel(cid));
    }
  }

  /// Takes an item out of everything, and tells whoever was asked for it.
  void forget(Item item, Consumer<? super FetchEffect> out) {
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
  boolean isRoot(Cid key) {
    return sessions.values().stream().anyMatch(session -> session.rootKey.equals(key));
  }

  static void status(
      Session session,
      Source source,
      Standing standing,
      String why,
      Consumer<? super FetchEffect> out) {
    if (standing != session.standings.put(source, standing)) {
      out.accept(new FetchEffect.Status(session.id, source.peer, standing, why));
    }
  }

  /// Gives what a peer owes back to the pools.
  void release(Source source, boolean tell) {
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

  void dropHaves(Source source) {
    for (Cid key : source.haves) {
      Item item = items.get(key);
      if (item != null) {
        item.holders--;
      }
    }
    source.haves.clear();
    source.standing.clear();
  }

  /// A key as its session named it.
  Cid cid(Cid key) {
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

  void has(Source source, Cid key, Consumer<? super FetchEffect> out) {
    source.standing.remove(key);
    Item item = items.get(key);
    if (item != null && source.haves.add(key)) {
      item.holders++;
      hungry.add(source);
    }
    for (Session session : sessions.values()) {
      if (session.rootKey.equals(key) || session.items.containsKey(key)) {
        holds(session, source, key, out);
      }
    }
  }

  /// A peer has a block of a session: it says so, or sends the block where only the word was asked
  /// for. Whoever was asked for the root and has not answered yet will: what it is shown to have
  /// until then says nothing about the rest.
  void holds(Session session, Source source, Cid key, Consumer<? super FetchEffect> out) {
    Standing known = session.standing(source);
    if (session.rootKey.equals(key) && (known == Standing.ASKED || known == Standing.LACKS)) {
      status(session, source, Standing.COMPLETE, "", out);
      hungry.add(source);
    } else if (known == Standing.LACKS) {
      partial(session, source, out);
    }
  }

  void lacks(Source source, Cid key, Consumer<? super FetchEffect> out) {
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

  void partial(Session session, Source source, Consumer<? super FetchEffect> out) {
    status(session, source, Standing.PARTIAL, "has a part", out);
    session.items.values().forEach(item -> follow(source, item));
    hungry.add(source);
  }

  static void expect(Source source, boolean blocks, Consumer<? super FetchEffect> out) {
    if (source.expecting != blocks) {
      source.expecting = blocks;
      out.accept(new FetchEffect.Expect(source.peer, blocks));
    }
  }
}
