package dev.cairn.core.peer;

import dev.cairn.core.Verdict;
import dev.cairn.core.ledger.Assembled;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.View;
import dev.cairn.core.mempool.Mempool;
import dev.cairn.core.mempool.MempoolParams;
import dev.cairn.core.peer.SubmitResult.Code;
import dev.cairn.core.state.Account;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// How transactions come into the pool, or as evidence beside it, and leave it without a block.
///
/// Owner: the [PeerMachine].
final class Submissions {

  private static final long EXPIRY_INTERVAL_NANOS = 1_000_000_000L;

  private final Ledger ledger;
  private final Mempool mempool;
  private final Accusations accusations;
  private final MempoolParams limits;
  private long nextExpiryNanos = Long.MIN_VALUE;

  Submissions(Ledger ledger, Mempool mempool, Accusations accusations, MempoolParams limits) {
    this.ledger = ledger;
    this.mempool = mempool;
    this.accusations = accusations;
    this.limits = limits;
  }

  /// Puts a user's transaction into the pool, or says why not. One that the state would refuse as
  /// it is now is refused at once, so that its user need not wait for nothing.
  ///
  /// @param head what the next block builds on
  SubmitResult submit(Transaction transaction, View head, Now now) {
    View state = ledger.finalState();
    Account account = state.account(transaction.sender());
    if (transaction.nonce() < account.nonce()
        && ledger.store().transaction(transaction.id()).isPresent()) {
      return new SubmitResult.Refused(Code.ALREADY_FINAL, "the transaction is final already");
    }
    Verdict verdict = now(transaction, head, now);
    if (verdict.accepted()) {
      verdict = add(transaction, head, now);
    }
    Account next = head.account(transaction.sender());
    return switch (verdict) {
      case Verdict.Accept _ -> new SubmitResult.Accepted(transaction.id());
      case Verdict.Ignore(String reason) -> explain(transaction, next, reason, now);
      case Verdict.Reject(String reason) -> explain(transaction, next, reason, now);
    };
  }

  /// Puts a transaction whose signature is good where it waits for a block.
  ///
  /// @param head what the next block builds on
  Verdict add(Transaction transaction, View head, Now now) {
    return Accusations.is(transaction)
        ? accusations.add(transaction, now)
        : mempool.add(transaction, head, now);
  }

  /// The same for one that a peer sent. What the pool rejects is no worse than late: its form and
  /// signature are good, and a fee or a payload that this chain never takes only costs the one
  /// look. Evidence is rejected when it is none.
  Verdict heard(Transaction transaction, View head, Now now) {
    Verdict verdict = add(transaction, head, now);
    return verdict instanceof Verdict.Reject(String reason) && !Accusations.is(transaction)
        ? Verdict.ignore(reason)
        : verdict;
  }

  /// A transaction that waits.
  Optional<Transaction> get(Cid id) {
    return mempool.get(id).or(() -> accusations.get(id));
  }

  /// Whether any waits.
  boolean waiting() {
    return mempool.size() > 0 || accusations.size() > 0;
  }

  /// Whether a block over the head would have something to hold.
  boolean executable(View head, Now now) {
    return accusations.executable(head) || mempool.hasExecutable(head, now.wallMillis());
  }

  private SubmitResult explain(Transaction transaction, Account account, String reason, Now now) {
    return Refusals.explain(transaction, account, ledger.spec(), limits, reason, now);
  }

  /// Whether the head's state would refuse the transaction, as far as it can be told: one that has
  /// to wait for others of its sender may fit by then.
  private Verdict now(Transaction transaction, View head, Now now) {
    if (head.account(transaction.sender()).nonce() != transaction.nonce()) {
      return Verdict.accept();
    }
    return ledger.admits(transaction, head, Math.max(now.wallMillis(), head.time() + 1));
  }

  /// The transaction if it is pending and worth telling the network of again; one that can never be
  /// in a block any more is dropped here.
  Optional<Transaction> again(Cid id, View head, Now now, Consumer<? super PeerEffect> out) {
    Optional<Transaction> pending = get(id);
    if (pending.isPresent() && now(pending.get(), head, now) instanceof Verdict.Reject(var why)) {
      drop(id, why, out);
      return Optional.empty();
    }
    return pending;
  }

  /// Drops what the state refused to a block in the making: of each sender the first, since those
  /// after it were refused for the gap that it left.
  void refused(List<Assembled.Refused> refused, Consumer<? super PeerEffect> out) {
    Set<Object> senders = new HashSet<>();
    for (Assembled.Refused one : refused) {
      if (senders.add(one.transaction().sender())) {
        drop(one.transaction().id(), one.reason(), out);
      }
    }
  }

  private void drop(Cid id, String reason, Consumer<? super PeerEffect> out) {
    mempool.drop(List.of(id));
    out.accept(new PeerEffect.Dropped(id, reason));
  }

  long deadlineNanos() {
    return mempool.size() == 0 ? Long.MAX_VALUE : nextExpiryNanos;
  }

  void expire(Now now) {
    if (now.nanos() >= nextExpiryNanos) {
      mempool.expire(now);
      nextExpiryNanos = now.nanos() + EXPIRY_INTERVAL_NANOS;
    }
  }
}
