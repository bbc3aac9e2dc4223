package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One DAG that is being fetched. Owner: the [Fetcher].
final class Session {

  final long id;
  final Cid root;
  final Cid rootKey;
  final Set<PeerId> only;
  final boolean inOrder;

  /// All that it still wants, by key, in the order in which it was wanted.
  final Map<Cid, Item> items = new LinkedHashMap<>();

  /// What nobody was asked for yet, of the items whose first session this is.
  final List<Item> pool = new ArrayList<>();

  /// What is known of each peer.
  final Map<Source, Standing> standings = new LinkedHashMap<>();

  Session(long id, Cid root, Set<PeerId> only, boolean inOrder) {
    this.id = id;
    this.root = root;
    this.rootKey = Keys.of(root);
    this.only = only;
    this.inOrder = inOrder;
  }

  boolean allows(Source source) {
    return only.isEmpty() || only.contains(source.peer);
  }

  Standing standing(Source source) {
    return standings.getOrDefault(source, Standing.ASKED);
  }

  /// Puts an item into the pool, unless it is there.
  void free(Item item) {
    if (item.place < 0) {
      item.place = pool.size();
      pool.add(item);
    }
  }

  void take(Item item) {
    if (item.place >= 0) {
      Item last = pool.removeLast();
      if (last != item) {
        pool.set(item.place, last);
        last.place = item.place;
      }
      item.place = -1;
    }
  }
}
