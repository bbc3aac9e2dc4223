package dev.cairn.core.peer;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.View;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Offences;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Evidence against validators that waits for a block: one transaction for each offender, apart
/// from the mempool, where what pays nothing would be the first to go.
///
/// A validator reports what it saw itself, with its validator's key as the sender: a key that it
/// has at hand, and whose account needs no money since evidence may be free. It goes on reporting
/// until the offender is punished or the evidence is too old.
///
/// Bounded: an entry must be one that a block over the final state would admit, and there is one
/// for each key of a set that the state remembers.
///
/// Owner: the [PeerMachine].
final class Accusations {

  /// Offenders at once, at most.
  static final int OFFENDERS_MAX = StakingParams.VALIDATORS_MAX;

  /// How long a report of this node's own may wait for a block before it is signed anew.
  static final long VALID_MILLIS = 10 * 60 * 1000L;

  /// Reports of one offence that this node's own state may refuse, because of another report that
  /// is not in a block yet or since the evidence is too old, before it is forgotten.
  static final int REFUSALS_MAX = 100;

  private record Seen(Accusation accusation, int refused) {}

  private final Ledger ledger;
  private final Optional<Ed25519Key> reporter;
  private final long repeatNanos;

  /// What this node saw and no block has yet, by offender.
  private final Map<Bytes, Seen> seen = new LinkedHashMap<>();

  private final Map<Bytes, Transaction> waiting = new LinkedHashMap<>();
  private long reportAtNanos = Long.MAX_VALUE;

  /// Of a node that reports nothing.
  Accusations(Ledger ledger, PeerParams params) {
    this(ledger, params, Optional.empty());
  }

  /// @param reporter signs reports
  Accusations(Ledger ledger, PeerParams params, Ed25519Key reporter) {
    this(ledger, params, Optional.of(reporter));
  }

  private Accusations(Ledger ledger, PeerParams params, Optional<Ed25519Key> reporter) {
    this.ledger = ledger;
    this.reporter = reporter;
    this.repeatNanos = params.republishAfter().toNanos();
  }

  static boolean is(Transaction transaction) {
    return transaction.payload() instanceof Accusation;
  }

  /// When [#report] has something to do; [Long#MAX_VALUE] for never.
  long deadlineNanos() {
    return reportAtNanos;
  }

  int size() {
    return waiting.size();
  }

  Optional<Transaction> get(Cid id) {
    for (Transaction transaction : waiting.values()) {
      if (transaction.id().equals(id)) {
        return Optional.of(transaction);
      }
    }
    return Optional.empty();
  }

  /// Takes evidence that somebody sent; its signature as a transaction has been checked. What is no
  /// evidence at all is rejected, since no honest node passes it on; what else the final state
  /// would not admit is ignored, since that of an honest sender may be another.
  Verdict add(Transaction transaction, Now now) {
    Bytes offender = ((Accusation) transaction.payload()).offender();
    View state = ledger.finalState();
    if (waiting.containsKey(offender)) {
      return Verdict.ignore("evidence against this validator waits already");
    }
    if (waiting.size() >= OFFENDERS_MAX || Offences.punished(state, offender)) {
      return Verdict.ignore("there is no use for this evidence");
    }
    Optional<String> forged = ledger.forged(transaction);
    if (forged.isPresent()) {
      return Verdict.reject(forged.get());
    }
    if (ledger.admits(transaction, state, time(state, now)) instanceof Verdict.Reject(var why)) {
      return Verdict.ignore(why);
    }
    waiting.put(offender, transaction);
    return Verdict.accept();
  }

  private static long time(View parent, Now now) {
    return Math.max(parent.time() + 1, now.wallMillis());
  }

  /// What a block of this time over this state can hold.
  List<Transaction> candidates(View parent, long timeMillis) {
    List<Transaction> admitted = new ArrayList<>();
    for (Transaction transaction : waiting.values()) {
      if (ledger.admits(transaction, parent, timeMillis).accepted()) {
        admitted.add(transaction);
      }
    }
    return admitted;
  }

  /// Whether some of it is still of use in a block over this state.
  boolean executable(View head) {
    for (Bytes offender : waiting.keySet()) {
      if (!Offences.punished(head, offender)) {
        return true;
      }
    }
    return false;
  }

  /// Takes what the engine of this node saw.
  void caught(Bytes offender, Bytes evidence, Now now) {
    if (reporter.isPresent()
        && ledger.spec().payloads().contains(Accusation.TAG)
        && !Offences.punished(ledger.finalState(), offender)
        && seen.size() < OFFENDERS_MAX) {
      seen.putIfAbsent(offender, new Seen(new Accusation(offender, evidence), 0));
      reportAtNanos = now.nanos();
    }
  }

  /// Forgets what a new final block has settled.
  void advanced(Now now) {
    if (waiting.isEmpty() && seen.isEmpty()) {
      return;
    }
    View state = ledger.finalState();
    seen.keySet().removeIf(offender -> Offences.punished(state, offender));
    waiting.values().removeIf(t -> !ledger.admits(t, state, time(state, now)).accepted());
    reportAtNanos = seen.isEmpty() ? Long.MAX_VALUE : now.nanos();
  }

  /// Signs and sends a report of each offence that nobody has reported; true when there was one.
  boolean report(Outbox outbox, Now now) {
    if (reporter.isEmpty() || now.nanos() < reportAtNanos) {
      return false;
    }
    boolean added = false;
    for (Seen one : List.copyOf(seen.values())) {
      Bytes offender = one.accusation.offender();
      if (waiting.containsKey(offender)) {
        continue;
      }
      Transaction report = sign(reporter.get(), one.accusation, now);
      if (add(report, now).accepted()) {
        outbox.add(report);
        added = true;
      } else if (one.refused + 1 < REFUSALS_MAX) {
        seen.put(offender, new Seen(one.accusation, one.refused + 1));
      } else {
        seen.remove(offender);
      }
    }
    reportAtNanos = seen.isEmpty() ? Long.MAX_VALUE : now.nanos() + repeatNanos;
    return added;
  }

  private Transaction sign(Ed25519Key key, Accusation accusation, Now now) {
    View state = ledger.finalState();
    SigningDomain domain = ledger.domainAt(state.height() + 1);
    long nonce = state.account(Address.of(key.publicKey())).nonce();
    long validUntil = time(state, now) + VALID_MILLIS;
    return Transaction.sign(domain, key, nonce, 0, validUntil, accusation);
  }
}
