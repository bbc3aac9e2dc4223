package dev.cairn.core.sync;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.BranchRules;
import dev.cairn.core.consensus.BranchRules.Branch;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Finds the branch that weighs most before any block of it is fetched (spec/sync.md, "Headers
/// first"), where blocks have no certificates.
///
/// Headers are walked from the final block up to what a peer claims. Once a branch is known, one
/// header shows whether another peer is on it; a peer that is on another is walked too. The
/// heaviest branch is chosen when all have shown theirs, or have had their time. From then on its
/// ids say what each range of blocks has to be, up to the block that has enough confirmations in
/// the headers seen here. Nothing of this outlives a restart but the final chain itself.
///
/// Owner: the [SyncMachine].
final class HeaderSync {

  /// Branches that are walked at a time while none is known, and requests afterwards.
  static final int WALKS_MAX = 2;

  static final int REQUESTS_MAX = 8;

  /// Blocks that were found to be against the rules and are remembered.
  static final int REFUSED_MAX = 64;

  /// How long more peers may come before a branch is chosen.
  static final long GATHER_NANOS = 2_000_000_000L;

  /// A request that takes longer is not waited for when a branch is known.
  static final long SLOW_NANOS = 3_000_000_000L;

  /// How long the others have to show their branch when one is known, however they hurry.
  static final long PATIENCE_NANOS = 60_000_000_000L;

  private record Walk(String peer, Branch branch, BranchIds ids, long goal) {}

  /// @param walk null for the one header that shows whether a peer is on the best branch
  private record Flight(String peer, HeadersRequest asked, @Nullable Walk walk, long sentNanos) {}

  private final BranchRules rules;
  private final SyncPeers peers;
  private final long timeoutNanos;
  private final LongSupplier requestIds;
  private final Map<Long, Flight> flights = new LinkedHashMap<>();
  private final Set<Cid> refused = new LinkedHashSet<>();

  /// Peers that are not on the best branch and have to be walked.
  private final Set<String> elsewhere = new LinkedHashSet<>();

  /// Peers that have shown to be on the best branch, or on the chosen one.
  private final Set<String> same = new LinkedHashSet<>();

  /// Peers that have shown another branch: none of its blocks are asked of them.
  private final Set<String> other = new LinkedHashSet<>();

  private long base;
  private @Nullable Cid baseId;
  private @Nullable Walk best;
  private @Nullable Walk chosen;
  private boolean searching;
  private long searchNanos;
  private long bestNanos;

  HeaderSync(BranchRules rules, SyncPeers peers, SyncParams params, LongSupplier requestIds) {
    this.rules = rules;
    this.peers = peers;
    this.timeoutNanos = params.requestTimeout().toNanos();
    this.requestIds = requestIds;
  }

  /// Up to which height blocks of the chosen branch are final; 0 while none is chosen.
  long limit() {
    return chosen == null ? 0 : Math.min(chosen.ids().last(), chosen.goal() - rules.depth() + 1);
  }

  /// Whether blocks of the chosen branch may be asked of a peer.
  boolean mayServe(String peer) {
    return !other.contains(peer);
  }

  /// Judges an answer by the chosen branch. Who has not shown to be on it may be on another.
  Verdict check(String peer, RangeRequest range, List<BlockMessage> blocks) {
    if (chosen == null) {
      return Verdict.ignore("no branch is chosen");
    }
    if (blocks.isEmpty()) {
      return Verdict.reject("has none of the blocks that it claims from " + range.from());
    }
    if (blocks.size() > range.count()) {
      return Verdict.reject(blocks.size() + " blocks where " + range.count() + " were asked");
    }
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i).block();
      boolean good = !blocks.get(i).sealed() && chosen.ids().has(range.from() + i, block.id());
      if (!good && !same.contains(peer)) {
        other.add(peer);
        return Verdict.ignore("on another branch");
      }
      if (!good) {
        return Verdict.reject("not the block that its branch has at " + (range.from() + i));
      }
    }
    return Verdict.accept();
  }

  /// A block of the chosen branch could not be executed.
  ///
  /// @param forGood whether it is against the rules
  void refused(
      Cid block, boolean forGood, String reason, Now now, Consumer<? super SyncEffect> out) {
    if (forGood && refused.size() < REFUSED_MAX) {
      refused.add(block);
    }
    if (chosen != null) {
      if (forGood) {
        lied(chosen.peer(), "its branch has " + block + ": " + reason, now, out);
      }
      chosen = null;
    }
  }

  void gone(String peer) {
    flights.values().removeIf(flight -> flight.peer().equals(peer));
    elsewhere.remove(peer);
    same.remove(peer);
    other.remove(peer);
  }

  /// Goes on from where the chain stands.
  void work(long finalHeight, Cid finalId, Now now, Consumer<? super SyncEffect> out) {
    expire(now, out);
    if (chosen != null && (finalHeight >= limit() || !chosen.ids().has(finalHeight, finalId))) {
      chosen = null; // Done, or the engine went another way.
    }
    if (chosen != null) {
      return;
    }
    boolean behind = peers.heightMax(now.nanos()) - finalHeight > rules.gap();
    if (!behind || !searching || base != finalHeight) {
      forget();
    }
    if (!behind) {
      return;
    }
    if (!searching) {
      searching = true;
      searchNanos = now.nanos();
      base = finalHeight;
      baseId = finalId;
    }
    boolean waits = ask(now, out);
    conclude(waits, now);
  }

  private void forget() {
    searching = false;
    best = null;
    elsewhere.clear();
    same.clear();
    other.clear();
  }

  private void expire(Now now, Consumer<? super SyncEffect> out) {
    for (Map.Entry<Long, Flight> entry : List.copyOf(flights.entrySet())) {
      Flight flight = entry.getValue();
      if (now.nanos() - flight.sentNanos() >= timeoutNanos) {
        flights.remove(entry.getKey());
        peers.answered(flight.peer());
        peers.failed(flight.peer(), now.nanos());
        out.accept(
            new SyncEffect.Penalize(
                flight.peer(),
                "no answer in " + timeoutNanos / 1_000_000 + " ms to " + flight.asked()));
      }
    }
  }

  /// Asks whoever has not shown its branch; whether somebody is still expected to.
  private boolean ask(Now now, Consumer<? super SyncEffect> out) {
    for (String peer : peers.eligible(base + rules.gap() + 1, now.nanos())) {
      boolean full = flights.size() >= (best == null ? WALKS_MAX : REQUESTS_MAX);
      if (full || shown(peer) || asking(peer)) {
        continue;
      }
      long claim = peers.height(peer);
      if (best != null && !elsewhere.contains(peer)) {
        long height = Math.min(Math.min(claim, best.ids().last()), best.goal());
        send(peer, new HeadersRequest(height, 1), null, now, out);
      } else {
        Cid id = Objects.requireNonNull(baseId);
        Walk walk = new Walk(peer, rules.upon(base, id), new BranchIds(base, id), claim);
        next(walk, base + 1, now, out);
      }
    }
    return flights.values().stream().anyMatch(f -> now.nanos() - f.sentNanos() < SLOW_NANOS)
        || peers.eligible(base + rules.gap() + 1, now.nanos()).stream()
            .anyMatch(p -> !shown(p) && !asking(p));
  }

  private boolean shown(String peer) {
    return same.contains(peer) || other.contains(peer);
  }

  private boolean asking(String peer) {
    return flights.values().stream().anyMatch(f -> f.peer().equals(peer));
  }

  private void next(Walk walk, long from, Now now, Consumer<? super SyncEffect> out) {
    int count = (int) Math.min(HeadersRequest.COUNT_MAX, walk.goal() - from + 1);
    send(walk.peer(), new HeadersRequest(from, count), walk, now, out);
  }

  private void send(
      String peer,
      HeadersRequest asked,
      @Nullable Walk walk,
      Now now,
      Consumer<? super SyncEffect> out) {
    long id = requestIds.getAsLong();
    flights.put(id, new Flight(peer, asked, walk, now.nanos()));
    peers.asked(peer);
    out.accept(new SyncEffect.RequestHeaders(id, peer, asked));
  }

  /// Ends a request that brought nothing; whether it was one of these.
  boolean failed(
      long id,
      String peer,
      String reason,
      boolean malformed,
      Now now,
      Consumer<? super SyncEffect> out) {
    Flight flight = flights.get(id);
    if (flight == null || !flight.peer().equals(peer)) {
      return false;
    }
    flights.remove(id);
    peers.answered(peer);
    if (malformed) {
      lied(peer, reason, now, out);
    } else {
      peers.failed(peer, now.nanos());
    }
    return true;
  }

  void answered(
      long id, String peer, List<Header> headers, Now now, Consumer<? super SyncEffect> out) {
    Flight flight = flights.get(id);
    if (flight == null || !flight.peer().equals(peer)) {
      return; // Late: it was given up.
    }
    flights.remove(id);
    peers.answered(peer);
    if (headers.size() != flight.asked().count()) {
      peers.lower(peer, flight.asked().from() - 1);
      lied(peer, headers.size() + " headers of those that it claims, " + flight.asked(), now, out);
    } else if (flight.walk() != null) {
      walked(flight.walk(), headers, now, out);
    } else if (best != null) {
      boolean on = best.ids().has(flight.asked().from(), headers.getFirst().id());
      (on ? same : elsewhere).add(peer);
      peers.served(peer);
    }
  }

  private void walked(Walk walk, List<Header> headers, Now now, Consumer<? super SyncEffect> out) {
    if (!searching || !walk.ids().has(base, Objects.requireNonNull(baseId))) {
      return; // The final block is another by now.
    }
    for (Header header : headers) {
      Verdict verdict =
          refused.contains(header.id())
              ? Verdict.reject("its branch has " + header.id() + ", which is against the rules")
              : walk.branch().add(header, now.wallMillis());
      switch (verdict) {
        case Verdict.Accept() -> walk.ids().add(header.id());
        case Verdict.Ignore(String _) -> {
          peers.failed(walk.peer(), now.nanos());
          return;
        }
        case Verdict.Reject(String reason) -> {
          lied(walk.peer(), reason, now, out);
          return;
        }
      }
    }
    peers.served(walk.peer());
    long height = headers.getLast().height();
    if (height < walk.goal()) {
      next(walk, height + 1, now, out);
      return;
    }
    elsewhere.remove(walk.peer());
    shown(walk, now);
  }

  /// A peer's whole branch is known.
  private void shown(Walk walk, Now now) {
    if (best == null) {
      bestNanos = now.nanos();
      best = walk;
    }
    boolean agree = best.ids().agrees(walk.ids());
    if (walk.branch().weight().compareTo(best.branch().weight()) > 0) {
      if (!agree) {
        other.addAll(same);
        same.clear();
      }
      best = walk;
      agree = true;
    }
    (agree ? same : other).add(walk.peer());
  }

  private void conclude(boolean waits, Now now) {
    if (best == null
        || now.nanos() - searchNanos < GATHER_NANOS
        || (waits && now.nanos() - bestNanos < PATIENCE_NANOS)) {
      return;
    }
    chosen = best;
    best = null;
    searching = false;
  }

  private void lied(String peer, String reason, Now now, Consumer<? super SyncEffect> out) {
    peers.lied(peer, now.nanos());
    out.accept(new SyncEffect.Penalize(peer, reason));
  }

  /// When [#work] has something to do whatever comes; [Long#MAX_VALUE] for never.
  long deadlineNanos(Now now) {
    long next = Long.MAX_VALUE;
    for (Flight flight : flights.values()) {
      next = Math.min(next, flight.sentNanos() + timeoutNanos);
      long slow = flight.sentNanos() + SLOW_NANOS;
      next = slow > now.nanos() ? Math.min(next, slow) : next;
    }
    if (searching && best != null) {
      long gathered = searchNanos + GATHER_NANOS;
      next = Math.min(next, gathered > now.nanos() ? gathered : bestNanos + PATIENCE_NANOS);
    }
    return next;
  }
}
