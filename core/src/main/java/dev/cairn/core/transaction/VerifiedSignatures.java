package dev.cairn.core.transaction;

import dev.cairn.multiformats.Cid;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// Remembers which transactions had a good signature, so that one that came by gossip is not
/// verified again in its block. A transaction's id covers its signature: a tampered one has another
/// id.
///
/// Bounded: two generations of at most half the capacity each; when the young one is full it
/// becomes the old one, and the old one is forgotten. Any thread may call it, so that a pool can
/// verify a block's transactions side by side before the ledger asks.
public final class VerifiedSignatures {

  /// Enough for a dozen full blocks; about 100 bytes each.
  public static final int CAPACITY = 65_536;

  private record Generations(
      ConcurrentHashMap<Cid, SigningDomain> young, ConcurrentHashMap<Cid, SigningDomain> old) {}

  private final int half;
  private final AtomicReference<Generations> generations;

  public VerifiedSignatures() {
    this(CAPACITY);
  }

  /// @param capacity how many transactions it remembers at most, at least 2
  public VerifiedSignatures(int capacity) {
    this.half = capacity / 2;
    this.generations =
        new AtomicReference<>(
            new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()));
  }

  /// Whether the signature is good; verifies it unless that was done before.
  public boolean verify(Transaction transaction, SigningDomain domain) {
    if (knows(transaction.id(), domain)) {
      return true;
    }
    if (!transaction.verify(domain)) {
      return false;
    }
    Generations now = generations.get();
    now.young().put(transaction.id(), domain);
    if (now.young().size() >= half) {
      generations.compareAndSet(now, new Generations(new ConcurrentHashMap<>(), now.young()));
    }
    return true;
  }

  /// Forgets a transaction that is final: none is taken twice, so nobody asks for it again, and at
  /// full load there would be seconds of them.
  public void forget(Cid transaction) {
    Generations now = generations.get();
    now.young().remove(transaction);
    now.old().remove(transaction);
  }

  /// Whether this transaction was verified in this domain and is still remembered.
  public boolean knows(Cid transaction, SigningDomain domain) {
    Generations now = generations.get();
    return domain.equals(now.young().get(transaction)) || domain.equals(now.old().get(transaction));
  }
}
