package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Chooses which block a peer is asked for.
final class Picker {

  /// The blocks that are compared for one choice, taken at random.
  private static final int SAMPLES = 48;

  /// A block whose sending has begun elsewhere is asked for again only when that is at least so
  /// many times sooner.
  private static final double DUPLICATE_GAIN = 2;

  /// The peers asked for one block at once.
  private static final int ASKED_MAX = 2;

  /// A block that waits with another peer and should rather be asked of this one.
  ///
  /// @param duplicate whether the other peer may have begun with it, and is asked still
  record TakeOver(Source from, Item item, boolean duplicate) {}

  private final SplittableRandom random;
  private int turn;

  Picker(SplittableRandom random) {
    this.random = random;
  }

  /// The block to ask a peer for, of those that nobody was asked for; sessions take turns.
  @Nullable Item pick(Source source, Collection<Session> sessions) {
    List<Session> all = new ArrayList<>(sessions);
    for (int i = 0; i < all.size(); i++) {
      Session session = all.get((turn + i) % all.size());
      Item item = pick(source, session);
      if (item != null) {
        turn = (turn + i + 1) % all.size();
        return item;
      }
    }
    return null;
  }

  private @Nullable Item pick(Source source, Session session) {
    if (session.pool.isEmpty() || !session.allows(source)) {
      return null;
    }
    return switch (session.standing(source)) {
      case COMPLETE -> session.inOrder ? first(session) : rarest(session);
      case PARTIAL, ASKED, LACKS, SLOW, STALLED, LIED, GONE -> rarestOf(source, session);
    };
  }

  private static @Nullable Item first(Session session) {
    for (Item item : session.items.values()) {
      if (item.place >= 0 && item.home() == session) {
        return item;
      }
    }
    return null;
  }

  private Item rarest(Session session) {
    Item best = session.pool.get(random.nextInt(session.pool.size()));
    for (int i = 1; i < SAMPLES && best.holders > 0; i++) {
      Item other = session.pool.get(random.nextInt(session.pool.size()));
      if (other.holders < best.holders) {
        best = other;
      }
    }
    return best;
  }

  private @Nullable Item rarestOf(Source source, Session session) {
    Item best = null;
    int ties = 0;
    for (Cid key : source.haves) {
      Item item = session.items.get(key);
      if (item == null || item.place < 0 || item.home() != session) {
        continue;
      }
      if (best == null || item.holders < best.holders) {
        best = item;
        ties = 1;
      } else if (item.holders == best.holders && random.nextInt(++ties) == 0) {
        best = item;
      }
    }
    return best;
  }

  /// The block that an idle peer should take over from another.
  @Nullable TakeOver takeOver(Source idle, Collection<Source> sources, long now) {
    TakeOver best = null;
    double own = idle.etaNanos(1);
    double longest = own;
    for (Source other : sources) {
      if (other == idle) {
        continue;
      }
      int place = 0;
      long waited = now - other.heardNanos;
      for (Item item : other.owed.values()) {
        place++;
        if (!mayGive(idle, item)) {
          continue;
        }
        double eta = other.etaNanos(place) + waited;
        boolean duplicate = place == 1;
        double gain = duplicate ? eta / DUPLICATE_GAIN : eta;
        if (gain > longest) {
          longest = gain;
          best = new TakeOver(other, item, duplicate);
        }
      }
    }
    return best;
  }

  private static boolean mayGive(Source idle, Item item) {
    if (item.asked.size() >= ASKED_MAX || item.asked.contains(idle)) {
      return false;
    }
    for (Session session : item.sessions) {
      if (session.allows(idle)
          && (session.standing(idle) == Standing.COMPLETE || idle.haves.contains(item.key))) {
        return true;
      }
    }
    return false;
  }
}
