package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;
import java.util.LinkedHashSet;
import java.util.Set;

/// A block that is wanted. Owner: the [Fetcher].
final class Item {

  final Cid key;

  /// As its first session named it, which is how peers are asked.
  final Cid cid;

  /// Who wants it; the first one has it in its pool.
  final Set<Session> sessions = new LinkedHashSet<>();

  /// Who was asked for it and has not delivered: more than one only where one is slow.
  final Set<Source> asked = new LinkedHashSet<>();

  /// How many peers with a part of the DAG have told that they have it.
  int holders;

  /// Where it is in its session's pool; -1 while somebody is asked for it.
  int place = -1;

  Item(Cid key, Cid cid) {
    this.key = key;
    this.cid = cid;
  }

  Session home() {
    return sessions.iterator().next();
  }
}
