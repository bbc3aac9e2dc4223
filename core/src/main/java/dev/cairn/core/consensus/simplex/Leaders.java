package dev.cairn.core.consensus.simplex;

import java.util.ArrayDeque;

/// Who leads which slot of an epoch: smooth weighted round-robin, so that each leads in proportion
/// to its stake and as evenly spread as can be. All start at 0; for each slot from 1 every
/// validator gains its stake, the highest (the first of equals) leads and loses the total stake.
///
/// Owner: the epoch's state. Slots are asked for in any order within a moving window.
final class Leaders {

  /// Slots behind the latest one asked for that can still be asked for.
  static final int BEHIND_MAX = 1 << 10;

  private final ValidatorSet set;
  private final long[] credit;
  private final ArrayDeque<Integer> window = new ArrayDeque<>();
  private long first = 1;

  Leaders(ValidatorSet set) {
    this.set = set;
    this.credit = new long[set.size()];
  }

  /// The index of the leader of a slot, or -1 for one that is too far back to be known.
  int of(long slot) {
    if (slot < first) {
      return -1;
    }
    while (first + window.size() <= slot) {
      window.addLast(next());
      if (window.size() > BEHIND_MAX) {
        window.removeFirst();
        first++;
      }
    }
    int back = (int) (first + window.size() - 1 - slot);
    var latest = window.descendingIterator();
    int leader = latest.next();
    for (int i = 0; i < back; i++) {
      leader = latest.next();
    }
    return leader;
  }

  private int next() {
    int best = 0;
    for (int i = 0; i < credit.length; i++) {
      credit[i] += set.stake(i);
      if (credit[i] > credit[best]) {
        best = i;
      }
    }
    credit[best] -= set.totalStake();
    return best;
  }
}
