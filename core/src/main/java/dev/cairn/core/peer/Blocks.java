package dev.cairn.core.peer;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.consensus.Tip;
import dev.cairn.core.ledger.Assembled;
import dev.cairn.core.ledger.Draft;
import dev.cairn.core.ledger.Execution;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.ledger.View;
import dev.cairn.core.light.FinalityProof;
import dev.cairn.core.mempool.Mempool;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.SyncInput;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/// Makes, checks and commits blocks: what engine and sync want of ledger and pool.
///
/// Owner: the [PeerMachine].
final class Blocks {

  private final Ledger ledger;
  private final Mempool mempool;
  private final Accusations accusations;
  private final SealVerifier seals;
  private final Submissions submissions;
  private final Outbox outbox;

  /// Bytes of transactions in a block.
  private final int bodyBytesMax;

  private final HeadChain chain;
  private Cid told;

  Blocks(
      Ledger ledger,
      Mempool mempool,
      Accusations accusations,
      SealVerifier seals,
      Submissions submissions,
      Outbox outbox) {
    this.ledger = ledger;
    this.mempool = mempool;
    this.accusations = accusations;
    this.seals = seals;
    this.submissions = submissions;
    this.outbox = outbox;
    this.bodyBytesMax = ledger.spec().blockBytesMax() - Block.CERTIFICATE_BYTES_MAX;
    this.chain = new HeadChain(ledger);
    this.told = ledger.finalState().block();
  }

  /// What the next block builds on, final or not.
  View head() {
    return chain.head();
  }

  /// What is known of the blocks that are not final.
  HeadChain chain() {
    return chain;
  }

  /// The engine builds on this block from now on. The transactions of blocks that are no longer
  /// part of its chain wait for another block, as far as they still fit.
  void head(Cid block, Now now) {
    List<Block> left = chain.moveTo(block);
    if (!left.isEmpty()) {
      mempool.readmit(HeadChain.transactions(left), head(), now);
    }
  }

  /// Tells of a new head, once, unless it is final by now.
  void tellHead(Consumer<? super PeerEffect> out) {
    View head = head();
    if (!head.block().equals(told)) {
      told = head.block();
      if (head.height() > ledger.finalState().height()) {
        out.accept(new PeerEffect.HeadMoved(told, head.height()));
      }
    }
  }

  /// The last final block, as the engine needs to know it.
  Tip tip() {
    View state = ledger.finalState();
    Bytes certificate =
        ledger.store().block(state.block()).map(StoredBlock::certificate).orElse(Bytes.EMPTY);
    return new Tip(state.block(), state.height(), state.time(), certificate);
  }

  /// What the final state holds under a key, with all that a light client needs to believe it.
  Answer prove(StateKey key) {
    View state = ledger.finalState();
    Optional<FinalityProof> finality = FinalityProof.of(ledger.store(), state.block());
    return new Answer.Proof(finality, state.get(key), state.prove(key));
  }

  EngineInput build(EngineEffect.Build build, Consumer<? super PeerEffect> out) {
    Optional<View> known = ledger.at(build.parent());
    if (known.isEmpty()) {
      // The chain went on by another way, a range sync, between the question and here.
      return new EngineInput.NothingToBuild(build.slot());
    }
    List<Transaction> candidates = candidates(known.get(), build.timeMillis());
    if (candidates.isEmpty() && !build.emptyWanted()) {
      return new EngineInput.NothingToBuild(build.slot());
    }
    Draft draft =
        new Draft(
            build.parent(), build.timeMillis(), build.consensus(), build.feeReceiver(), candidates);
    Assembled made = ledger.assemble(draft, build.sealer());
    submissions.refused(made.refused(), out);
    if (made.block().transactions().isEmpty() && !build.emptyWanted()) {
      return new EngineInput.NothingToBuild(build.slot());
    }
    return new EngineInput.Built(build.slot(), made.block());
  }

  /// Evidence first: it is little, and pays nothing.
  private List<Transaction> candidates(View parent, long timeMillis) {
    List<Transaction> selected = mempool.select(parent, timeMillis, bodyBytesMax);
    if (accusations.size() == 0) {
      return selected;
    }
    List<Transaction> all = new ArrayList<>(accusations.candidates(parent, timeMillis));
    all.addAll(selected);
    return all;
  }

  /// A block for a miner to seal.
  EngineInput template(EngineEffect.Template wanted, Consumer<? super PeerEffect> out) {
    Optional<View> known = ledger.at(wanted.parent());
    if (known.isEmpty()) {
      return new EngineInput.NothingToBuild(wanted.slot());
    }
    List<Transaction> candidates = candidates(known.get(), wanted.timeMillis());
    Assembled made =
        ledger.template(
            new Draft(
                wanted.parent(),
                wanted.timeMillis(),
                wanted.consensus(),
                wanted.feeReceiver(),
                candidates));
    submissions.refused(made.refused(), out);
    return new EngineInput.Built(wanted.slot(), made.block());
  }

  Verdict check(Block block, Address feeReceiver) {
    return switch (ledger.execute(block, feeReceiver)) {
      case Execution.Executed _ -> Verdict.accept();
      case Execution.Orphan(Cid parent) -> Verdict.ignore("its parent " + parent + " is not here");
      case Execution.Ignored(String reason) -> Verdict.ignore(reason);
      case Execution.Rejected(String reason) -> Verdict.reject(reason);
    };
  }

  /// Executes and commits a block that is final by its certificate, or by the headers upon it.
  ///
  /// @return empty, or why a block without a certificate is not what its header promised
  /// @throws IllegalStateException when one with a certificate cannot be executed
  Optional<SyncInput.Refused> deliver(BlockMessage message, Consumer<? super PeerEffect> out) {
    Block block = message.block();
    Verdict verdict;
    try {
      verdict =
          seals
              .tupleFault(block.header())
              .<Verdict>map(Verdict::reject)
              .orElseGet(() -> check(block, seals.feeReceiver(block.header())));
    } catch (MalformedException e) {
      verdict = Verdict.reject(String.valueOf(e.getMessage()));
    }
    if (!verdict.accepted() && seals.branches().isPresent()) {
      boolean forGood = verdict instanceof Verdict.Reject;
      return Optional.of(new SyncInput.Refused(block.id(), forGood, verdict.toString()));
    }
    if (!verdict.accepted()) {
      // A quorum vouches for it: either most validators are corrupt or this node is broken. To go
      // on would be to leave the chain.
      throw new IllegalStateException("certified " + block + " cannot be executed: " + verdict);
    }
    commit(block.id(), message.seal(), out);
    return Optional.empty();
  }

  /// Commits an executed block and its ancestors: durable when this returns, and only then told.
  void commit(Cid id, Bytes certificate, Consumer<? super PeerEffect> out) {
    List<Block> blocks = ledger.finalize(id, certificate);
    View state = ledger.finalState();
    for (Block block : blocks) {
      mempool.included(block.transactions(), state);
      block.transactions().forEach(transaction -> outbox.forget(transaction.id()));
      Bytes own = block.id().equals(id) ? certificate : Bytes.EMPTY;
      out.accept(new PeerEffect.Finalized(block, own));
    }
    chain.finalized();
  }
}
