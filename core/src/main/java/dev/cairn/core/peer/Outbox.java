package dev.cairn.core.peer;

import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The transactions that were submitted here and are for the network to hear of.
///
/// The first goes out at once. Those that come within a pause after it wait for its end and share
/// messages, so that a message is small when little happens and full under load; evidence is always
/// a message of its own. What stays pending is sent again from time to time. Bounded by the pool,
/// which holds each of them.
///
/// Owner: the [PeerMachine].
final class Outbox {

  /// Transactions sent again in one go: a message or a few.
  static final int REPUBLISH_COUNT_MAX = 256;

  private final long pauseNanos;
  private final long republishNanos;
  private final List<Transaction> waiting = new ArrayList<>();

  /// Submitted here and pending, with the time of the last sending; in order of that time.
  private final Map<Cid, Long> sent = new LinkedHashMap<>();

  private int waitingBytes;
  private long pausedUntil = Long.MIN_VALUE;

  Outbox(PeerParams params) {
    this.pauseNanos = params.gossipPause().toNanos();
    this.republishNanos = params.republishAfter().toNanos();
  }

  void add(Transaction transaction) {
    if (!sent.containsKey(transaction.id())) {
      waiting.add(transaction);
      waitingBytes += transaction.size();
    }
  }

  /// The transaction is no longer pending.
  void forget(Cid transaction) {
    sent.remove(transaction);
  }

  /// When [#flush] has something to do; [Long#MAX_VALUE] for never.
  long deadlineNanos() {
    long next = Long.MAX_VALUE;
    if (!waiting.isEmpty()) {
      next = waitingBytes >= messageRoom() ? Long.MIN_VALUE : pausedUntil;
    }
    if (!sent.isEmpty()) {
      next = Math.min(next, sent.values().iterator().next() + republishNanos);
    }
    return next;
  }

  /// Hands out what is due.
  ///
  /// @param waits whether a transaction is pending: one that is in a block already needs no gossip
  /// @param included whether a block that is not final has it: kept, and not sent for now
  /// @param pending the transaction with this id, while it is worth sending
  void flush(
      long nanos,
      Predicate<Cid> waits,
      Predicate<Cid> included,
      Lookup pending,
      Consumer<? super PeerEffect> out) {
    if (!waiting.isEmpty() && (waitingBytes >= messageRoom() || nanos >= pausedUntil)) {
      waiting.removeIf(transaction -> !waits.test(transaction.id()));
      for (Transaction transaction : waiting) {
        sent.put(transaction.id(), nanos);
      }
      send(waiting, false, out);
      waiting.clear();
      waitingBytes = 0;
      pausedUntil = nanos + pauseNanos;
    }
    republish(nanos, included, pending, out);
  }

  private void republish(
      long nanos, Predicate<Cid> included, Lookup pending, Consumer<? super PeerEffect> out) {
    List<Transaction> again = new ArrayList<>();
    List<Cid> later = new ArrayList<>();
    Iterator<Map.Entry<Cid, Long>> oldest = sent.entrySet().iterator();
    while (oldest.hasNext() && again.size() + later.size() < REPUBLISH_COUNT_MAX) {
      Map.Entry<Cid, Long> entry = oldest.next();
      if (nanos - entry.getValue() < republishNanos) {
        break;
      }
      oldest.remove();
      if (included.test(entry.getKey())) {
        later.add(entry.getKey());
      } else {
        pending.find(entry.getKey()).ifPresent(again::add);
      }
    }
    later.forEach(id -> sent.put(id, nanos));
    for (Transaction transaction : again) {
      sent.put(transaction.id(), nanos);
    }
    send(again, true, out);
  }

  private static int messageRoom() {
    return TransactionsMessage.BYTES_MAX - TransactionsMessage.ENVELOPE_BYTES;
  }

  private static void send(
      List<Transaction> transactions, boolean again, Consumer<? super PeerEffect> out) {
    List<Transaction> message = new ArrayList<>();
    int bytes = 0;
    for (Transaction transaction : transactions) {
      if (Accusations.is(transaction)) {
        out.accept(new PeerEffect.GossipTransactions(List.of(transaction), again));
        continue;
      }
      if (bytes + transaction.size() > messageRoom()) {
        out.accept(new PeerEffect.GossipTransactions(message, again));
        message = new ArrayList<>();
        bytes = 0;
      }
      message.add(transaction);
      bytes += transaction.size();
    }
    if (!message.isEmpty()) {
      out.accept(new PeerEffect.GossipTransactions(message, again));
    }
  }

  /// Finds a pending transaction.
  @FunctionalInterface
  interface Lookup {
    Optional<Transaction> find(Cid id);
  }
}
