package dev.cairn.simulator;

import dev.cairn.core.Hash;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.Holding;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.Execution;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.peer.ChainView;
import dev.cairn.multiformats.Cid;
import dev.cairn.simulator.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// Watches what must always hold, at the step where it could break: that all final chains are
/// prefixes of one, that each block in it is good, that nobody honest is accused.
///
/// It has a ledger of its own, which executes each block once more when the first node makes it
/// final.
///
/// Owner: the [World].
final class Referee {

  private static final int LOOK_ONE_IN = 8;

  private final World world;
  private final List<Cid> chain = new ArrayList<>();
  private final List<Hash> roots = new ArrayList<>();
  private final MemoryChainStore store = new MemoryChainStore();
  private final Ledger ledger;
  private final SealVerifier seals;
  private final boolean lenient;
  private long looks;
  private Runnable atNextBlock = () -> {};

  /// @param lenient whether only forks matter, because a rule was left out
  Referee(World world, boolean lenient) {
    this.world = world;
    this.lenient = lenient;
    this.ledger =
        new Ledger(
            world.side().spec(),
            store,
            LedgerParams.of(world.side().spec()),
            world.transactionSignatures());
    this.seals = world.side().seals(store);
    chain.add(ledger.head().block());
    roots.add(ledger.head().stateRoot());
  }

  /// The height of the highest final block anywhere.
  long height() {
    return chain.size() - 1L;
  }

  /// Does something once, when the next block has become final at the first node.
  void atNextBlock(Runnable action) {
    atNextBlock = action;
  }

  /// A node made a block final: it is on its disk.
  void committed(SimNode node, Commit commit) {
    int height = Math.toIntExact(commit.height());
    if (height > chain.size()) {
      throw new Violation(Kind.BROKEN, name(node) + " made block " + height + " final too early");
    }
    if (height < chain.size() && !chain.get(height).equals(commit.id())) {
      throw new Violation(
          Kind.CONFLICT,
          name(node)
              + " made "
              + commit.id()
              + " final at height "
              + height
              + ", another node "
              + chain.get(height));
    }
    Bytes certificate = commit.block().certificate();
    if (height == chain.size()) {
      execute(node, commit.block().decode());
      chain.add(commit.id());
      Runnable waiting = atNextBlock;
      atNextBlock = () -> {};
      waiting.run();
    }
    if (!roots.get(height).equals(commit.stateRoot())) {
      throw new Violation(
          Kind.INVALID,
          name(node) + " has another state after block " + height + " than the rules");
    }
    if (!certificate.isEmpty()) {
      Header header = commit.block().decode().header();
      Verdict verdict = seals.verify(header, certificate);
      if (verdict instanceof Verdict.Ignore) {
        // A block that a late node fetches: the newest state has forgotten who decided so long ago.
        verdict = world.side().seals(node.store()).verify(header, certificate);
      }
      if (!verdict.accepted()) {
        throw new Violation(
            Kind.INVALID, name(node) + ": the certificate of block " + height + ": " + verdict);
      }
    }
  }

  private void execute(SimNode node, Block block) {
    Optional<String> fault =
        block.height() == 0 ? Optional.empty() : world.side().fault(block, store);
    if (fault.isPresent()) {
      throw new Violation(Kind.INVALID, name(node) + " made " + block + " final: " + fault.get());
    }
    Execution execution = ledger.execute(block, seals.feeReceiver(block.header()));
    if (!(execution instanceof Execution.Executed)) {
      throw new Violation(Kind.INVALID, name(node) + " made " + block + " final: " + execution);
    }
    ledger.finalize(block.id(), Bytes.EMPTY);
    roots.add(ledger.head().stateRoot());
  }

  /// A node has proof that a validator broke the rules.
  void accused(SimNode by, Bytes offender) {
    int owner = world.side().owner(offender);
    if (!lenient && (owner < 0 || world.nodes().get(owner).honest())) {
      throw new Violation(Kind.SLANDER, name(by) + " has proof against an honest validator");
    }
  }

  /// A node rejected what another sent: only a liar sends what is rejected.
  void rejected(SimNode by, int sender, String reason) {
    if (!lenient && world.nodes().get(sender).honest() && by.honest()) {
      throw new Violation(Kind.SLANDER, name(by) + " rejects what n" + sender + " sent: " + reason);
    }
  }

  /// A node wants no more of another.
  void parted(SimNode by, int peer, String reason) {
    if (!lenient && world.nodes().get(peer).honest() && by.honest()) {
      throw new Violation(Kind.SLANDER, name(by) + " parts with n" + peer + ": " + reason);
    }
  }

  /// What a node holds stays within its limits; looked at now and then, since it changes slowly.
  void bounded(SimNode node, @Nullable Engine engine, ChainView view) {
    if (engine == null || ++looks % LOOK_ONE_IN != 0) {
      return;
    }
    for (Holding holding : engine.holdings()) {
      if (!holding.withinBounds()) {
        throw new Violation(Kind.MEMORY, name(node) + " holds too much: " + holding);
      }
    }
    if (view.mempool() > Waits.PEER.mempool().transactionsMax()) {
      throw new Violation(Kind.MEMORY, name(node) + " has " + view.mempool() + " transactions");
    }
  }

  private static String name(SimNode node) {
    return SimNode.name(node.index());
  }
}
