package dev.cairn.core.peer;

import dev.cairn.core.TestChain;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.consensus.simplex.SimplexEngine;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.SimplexTiming;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.List;

/// A peer machine with its store and a clock that a test moves.
final class TestPeer {

  final MemoryChainStore store;
  final PeerMachine machine;
  final PeerIntake intake;
  long millis = 1_000;
  private long tokens;

  private TestPeer(TestChain chain, MemoryChainStore store, Engine engine, SealVerifier seals) {
    VerifiedSignatures signatures = new VerifiedSignatures();
    this.store = store;
    Ledger ledger = new Ledger(chain.spec(), store, LedgerParams.defaults(), signatures);
    this.machine = new PeerMachine(ledger, engine, seals, PeerParams.standard());
    this.intake = new PeerIntake(signatures, chain.spec(), () -> machine.view().height() + 1);
    step(new PeerInput.Started(List.of()));
    millis += 20; // More than the least time between two blocks.
  }

  static TestPeer validator(TestChain chain) {
    SimplexRules rules = SimplexRules.of(chain.spec());
    return new TestPeer(
        chain,
        new MemoryChainStore(),
        SimplexEngine.validator(rules, SimplexTiming.STANDARD, Signer.of(TestChain.key(200))),
        new CertificateVerifier(rules));
  }

  static TestPeer follower(TestChain chain) {
    return follower(chain, new MemoryChainStore());
  }

  static TestPeer follower(TestChain chain, MemoryChainStore store) {
    SimplexRules rules = SimplexRules.of(chain.spec());
    return new TestPeer(
        chain,
        store,
        SimplexEngine.observer(rules, SimplexTiming.STANDARD),
        new CertificateVerifier(rules));
  }

  static TestPeer with(TestChain chain, Engine engine, SealVerifier seals) {
    return new TestPeer(chain, new MemoryChainStore(), engine, seals);
  }

  private Now now() {
    return new Now(millis * 1_000_000, TestChain.GENESIS_TIME + millis);
  }

  /// One step, without what is due after it.
  List<PeerEffect> step(PeerInput input) {
    List<PeerEffect> effects = new ArrayList<>();
    machine.step(input, now(), effects::add);
    return effects;
  }

  /// All that is due now.
  List<PeerEffect> due() {
    List<PeerEffect> effects = new ArrayList<>();
    while (machine.deadlineNanos() <= now().nanos()) {
      int before = effects.size();
      machine.tick(now(), effects::add);
      if (effects.size() == before) {
        break;
      }
    }
    return effects;
  }

  /// As a driver does: a step, then what is due.
  List<PeerEffect> take(PeerInput input) {
    List<PeerEffect> effects = step(input);
    effects.addAll(due());
    return effects;
  }

  List<PeerEffect> pass(long passedMillis) {
    millis += passedMillis;
    List<PeerEffect> effects = new ArrayList<>();
    machine.tick(now(), effects::add);
    effects.addAll(due());
    return effects;
  }

  List<PeerEffect> submit(Transaction transaction) {
    return take(new PeerInput.Submit(7, transaction));
  }

  /// What is said of a submission, some time after whatever came before.
  SubmitResult result(Transaction transaction) {
    pass(20);
    return of(PeerEffect.Submitted.class, submit(transaction)).getFirst().result();
  }

  List<PeerEffect> gossipTransactions(String from, List<Transaction> transactions) {
    return take(intake.transactions(++tokens, from, TransactionsMessage.encode(transactions)));
  }

  List<PeerEffect> gossipBlock(String from, byte[] message) {
    return take(intake.block(++tokens, from, message));
  }

  static <T extends PeerEffect> List<T> of(Class<T> kind, List<PeerEffect> effects) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static List<String> kinds(List<PeerEffect> effects) {
    return effects.stream().map(e -> e.getClass().getSimpleName()).toList();
  }
}
