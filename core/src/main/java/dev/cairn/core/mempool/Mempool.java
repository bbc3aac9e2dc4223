package dev.cairn.core.mempool;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.ledger.TransactionRules;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.StateView;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Transactions that wait for a block. Pure: state and time come with each call, nothing depends on
/// the order of a hash table.
///
/// For each sender it keeps the transactions by nonce; over the senders, the first transaction of
/// each by what it pays (for blocks), the last of each by what it pays (for eviction: whatever goes
/// leaves no gap), and all of them by when they expire.
///
/// Transactions stay until a final block has them, so that one whose block loses is there again by
/// itself; [#select] passes over what the chosen branch has already. Whoever calls [#add] has
/// checked the signature.
///
/// Owner: one thread.
public final class Mempool {

  private static final Comparator<Entry> CHEAPEST_FIRST = Entry.BEST_FIRST.reversed();

  private static final Comparator<Entry> SOONEST_FIRST =
      Comparator.comparingLong((Entry e) -> e.transaction().validUntil())
          .thenComparingLong(Entry::order);

  private final MempoolParams params;
  private final TransactionRules rules;
  private final Map<Cid, Entry> byId = new HashMap<>();
  private final Map<Address, NavigableMap<Long, Entry>> bySender = new HashMap<>();
  private final TreeSet<Entry> firsts = new TreeSet<>(Entry.BEST_FIRST);
  private final TreeSet<Entry> lasts = new TreeSet<>(CHEAPEST_FIRST);
  private final TreeSet<Entry> byExpiry = new TreeSet<>(SOONEST_FIRST);
  private long arrivals;
  private long keptBytes;
  private long transactionBytes;
  private long accepted;
  private long ignored;
  private long rejected;
  private long evicted;
  private long expired;

  public Mempool(MempoolParams params, TransactionRules rules) {
    this.params = params;
    this.rules = rules;
  }

  /// Takes a transaction whose signature is good, if the rules and the limits allow.
  ///
  /// @param state after the last final block, or after the tip
  public Verdict add(Transaction transaction, StateView state, Now now) {
    Verdict verdict = admit(transaction, state, now);
    switch (verdict) {
      case Verdict.Accept _ -> accepted++;
      case Verdict.Ignore _ -> ignored++;
      case Verdict.Reject _ -> rejected++;
    }
    return verdict;
  }

  private Verdict admit(Transaction transaction, StateView state, Now now) {
    if (byId.containsKey(transaction.id())) {
      return Verdict.ignore("the transaction is known already");
    }
    Verdict verdict = rules.check(transaction);
    if (!verdict.accepted()) {
      return verdict;
    }
    long ahead = transaction.validUntil() - now.wallMillis();
    if (ahead < 0) {
      return Verdict.ignore("the transaction is no longer valid");
    }
    if (ahead > TransactionRules.VALID_AHEAD_MILLIS_MAX) {
      return Verdict.ignore("the transaction is valid for more than 24 hours from now");
    }
    Account account = state.account(transaction.sender());
    if (transaction.nonce() < account.nonce()) {
      return Verdict.ignore(
          "nonce " + transaction.nonce() + " is used; the next is " + account.nonce());
    }
    if (transaction.nonce() - account.nonce() >= params.noncesAheadMax()) {
      return Verdict.ignore(
          "nonce " + transaction.nonce() + " is too far ahead of " + account.nonce());
    }
    return place(new Entry(transaction.alone(), arrivals++), account);
  }

  private Verdict place(Entry entry, Account account) {
    NavigableMap<Long, Entry> queue = bySender.getOrDefault(entry.sender(), new TreeMap<>());
    Optional<Entry> replaced = Optional.ofNullable(queue.get(entry.nonce()));
    if (replaced.isPresent() && !paysEnoughMore(entry, replaced.get())) {
      return Verdict.ignore(
          "nonce "
              + entry.nonce()
              + " is taken; a replacement pays at least "
              + params.replacementPercent()
              + " % more");
    }
    // Those below the account's nonce are in blocks already that are not final.
    int waiting = queue.tailMap(account.nonce(), true).size();
    if (replaced.isEmpty() && waiting >= params.senderTransactionsMax()) {
      return Verdict.ignore("the sender has " + waiting + " transactions waiting");
    }
    if (!covers(account, queue, entry)) {
      return Verdict.ignore("the balance " + account.balance() + " does not cover it");
    }
    replaced.ifPresent(this::remove);
    if (!makeRoom(entry)) {
      replaced.ifPresent(this::insert);
      return Verdict.ignore("the mempool is full of transactions that pay more");
    }
    insert(entry);
    return Verdict.accept();
  }

  /// At least so many percent more in all and for each byte, so that replacing is never a way to
  /// have traffic for nothing.
  private boolean paysEnoughMore(Entry entry, Entry old) {
    long oldFee = old.transaction().fee();
    long least = oldFee + Math.max(1, Math.ceilDiv(oldFee, 100) * params.replacementPercent());
    return least > 0
        && entry.transaction().fee() >= least
        && Entry.BEST_FIRST.compare(entry, old) < 0;
  }

  /// Whether the balance covers what the sender has waiting up to this nonce, and this.
  private static boolean covers(Account account, NavigableMap<Long, Entry> queue, Entry entry) {
    long left = account.balance() - entry.cost();
    for (Entry other : queue.headMap(entry.nonce()).values()) {
      if (left < 0) {
        return false;
      }
      if (other.nonce() >= account.nonce()) {
        left -= other.cost();
      }
    }
    return left >= 0;
  }

  /// Evicts the cheapest until the entry fits; gives up when the cheapest pays no less, or is of
  /// the same sender and comes before it.
  private boolean makeRoom(Entry entry) {
    List<Entry> victims = new ArrayList<>();
    while (byId.size() >= params.transactionsMax()
        || keptBytes + entry.bytes() > params.bytesMax()) {
      Entry cheapest = lasts.isEmpty() ? null : lasts.first();
      boolean useful =
          cheapest != null
              && Entry.BEST_FIRST.compare(entry, cheapest) < 0
              && !(cheapest.sender().equals(entry.sender()) && cheapest.nonce() < entry.nonce());
      if (cheapest == null || !useful) {
        victims.forEach(this::insert);
        return false;
      }
      remove(cheapest);
      victims.add(cheapest);
    }
    evicted += victims.size();
    return true;
  }

  private void insert(Entry entry) {
    NavigableMap<Long, Entry> queue =
        bySender.computeIfAbsent(entry.sender(), a -> new TreeMap<>());
    unlist(queue);
    queue.put(entry.nonce(), entry);
    list(queue);
    byId.put(entry.transaction().id(), entry);
    byExpiry.add(entry);
    keptBytes += entry.bytes();
    transactionBytes += entry.transaction().size();
  }

  private void remove(Entry entry) {
    NavigableMap<Long, Entry> queue = bySender.get(entry.sender());
    if (queue == null || byId.remove(entry.transaction().id()) == null) {
      return;
    }
    unlist(queue);
    queue.remove(entry.nonce());
    list(queue);
    if (queue.isEmpty()) {
      bySender.remove(entry.sender());
    }
    byExpiry.remove(entry);
    keptBytes -= entry.bytes();
    transactionBytes -= entry.transaction().size();
  }

  private void unlist(NavigableMap<Long, Entry> queue) {
    if (!queue.isEmpty()) {
      firsts.remove(queue.firstEntry().getValue());
      lasts.remove(queue.lastEntry().getValue());
    }
  }

  private void list(NavigableMap<Long, Entry> queue) {
    if (!queue.isEmpty()) {
      firsts.add(queue.firstEntry().getValue());
      lasts.add(queue.lastEntry().getValue());
    }
  }

  /// The transactions for a block over this state: the best paid first, each sender's in the order
  /// of its nonces without a gap.
  ///
  /// @param time of the block, milliseconds; what is not valid then is left out
  /// @param bytesMax of the transactions together
  public List<Transaction> select(StateView state, long time, int bytesMax) {
    List<Transaction> selected = new ArrayList<>();
    PriorityQueue<Entry> next = new PriorityQueue<>(Entry.BEST_FIRST);
    Map<Address, Long> nonces = new HashMap<>();
    var untouched = firsts.iterator();
    Entry first = untouched.hasNext() ? untouched.next() : null;
    int bytes = 0;
    while (first != null || !next.isEmpty()) {
      Entry entry;
      if (first != null && (next.isEmpty() || Entry.BEST_FIRST.compare(first, next.peek()) < 0)) {
        entry = first;
        first = untouched.hasNext() ? untouched.next() : null;
      } else {
        entry = next.remove();
      }
      long nonce = nonces.computeIfAbsent(entry.sender(), sender -> state.account(sender).nonce());
      if (entry.nonce() < nonce) {
        // A block of this branch has it already; the sender's next one is judged on its own.
        after(entry).ifPresent(next::add);
        continue;
      }
      int size = entry.transaction().size();
      if (entry.nonce() > nonce
          || bytes + size > bytesMax
          || entry.transaction().validUntil() < time) {
        continue;
      }
      selected.add(entry.transaction());
      bytes += size;
      nonces.put(entry.sender(), nonce + 1);
      after(entry).ifPresent(next::add);
    }
    return selected;
  }

  private Optional<Entry> after(Entry entry) {
    NavigableMap<Long, Entry> queue = bySender.getOrDefault(entry.sender(), new TreeMap<>());
    return Optional.ofNullable(queue.higherEntry(entry.nonce())).map(Map.Entry::getValue);
  }

  /// Whether a block over this state would have something to hold.
  public boolean hasExecutable(StateView state, long time) {
    for (Entry first : firsts) {
      long nonce = state.account(first.sender()).nonce();
      Entry entry = bySender.getOrDefault(first.sender(), new TreeMap<>()).get(nonce);
      if (entry != null && entry.transaction().validUntil() >= time) {
        return true;
      }
    }
    return false;
  }

  /// Forgets what final blocks have made useless: their transactions, and others of the same
  /// senders whose nonces are used.
  ///
  /// @param state after the last final block
  public void included(Collection<Transaction> transactions, StateView state) {
    Set<Address> senders = new LinkedHashSet<>();
    transactions.forEach(t -> senders.add(t.sender()));
    for (Address sender : senders) {
      NavigableMap<Long, Entry> queue = bySender.get(sender);
      if (queue != null) {
        long nonce = state.account(sender).nonce();
        List.copyOf(queue.headMap(nonce).values()).forEach(this::remove);
      }
    }
  }

  /// Takes back transactions of blocks that are no longer part of the chain, as far as they still
  /// fit.
  public void readmit(Collection<Transaction> transactions, StateView state, Now now) {
    transactions.forEach(t -> admit(t, state, now));
  }

  /// Drops transactions that the state or a block's maker has refused for good.
  public void drop(Collection<Cid> transactions) {
    transactions.forEach(id -> Optional.ofNullable(byId.get(id)).ifPresent(this::remove));
  }

  /// Drops what no block can hold any more because its time is over; returns how many.
  public int expire(Now now) {
    int count = 0;
    while (!byExpiry.isEmpty() && byExpiry.first().transaction().validUntil() < now.wallMillis()) {
      remove(byExpiry.first());
      count++;
    }
    expired += count;
    return count;
  }

  /// When the next transaction expires, milliseconds since 1970-01-01 UTC.
  public Optional<Long> nextExpiryMillis() {
    return byExpiry.isEmpty()
        ? Optional.empty()
        : Optional.of(byExpiry.first().transaction().validUntil());
  }

  public Optional<Transaction> get(Cid id) {
    return Optional.ofNullable(byId.get(id)).map(Entry::transaction);
  }

  /// The nonce for the sender's next transaction, after what waits here without a gap.
  public long nextNonce(Address sender, StateView state) {
    long nonce = state.account(sender).nonce();
    NavigableMap<Long, Entry> queue = bySender.getOrDefault(sender, new TreeMap<>());
    while (queue.containsKey(nonce)) {
      nonce++;
    }
    return nonce;
  }

  /// All transactions, the sender's first of the best payer first: for showing, not for blocks.
  public List<Transaction> transactions(int max) {
    List<Transaction> transactions = new ArrayList<>();
    for (Entry first : firsts) {
      for (Entry entry : bySender.getOrDefault(first.sender(), new TreeMap<>()).values()) {
        if (transactions.size() < max) {
          transactions.add(entry.transaction());
        }
      }
    }
    return transactions;
  }

  public int size() {
    return byId.size();
  }

  public MempoolStats stats() {
    return new MempoolStats(
        byId.size(),
        bySender.size(),
        transactionBytes,
        accepted,
        ignored,
        rejected,
        evicted,
        expired);
  }
}
