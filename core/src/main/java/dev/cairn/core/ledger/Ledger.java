package dev.cairn.core.ledger;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Header;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.Overlay.Effects;
import dev.cairn.core.staking.EpochEnd;
import dev.cairn.core.state.StateChange;
import dev.cairn.core.state.StateTree;
import dev.cairn.core.transaction.BlockContext;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// The chain's state and the one way it changes: blocks are executed over their parents, kept as
/// overlays, and written to the store when they become final. It knows nothing of engines: whoever
/// calls it has checked a block's consensus tuple and seal and says who is paid its fees.
///
/// Owner: one thread. The views it hands out are for that thread too.
public final class Ledger {

  /// Levels of the state tree that always stay in memory.
  private static final int TREE_LEVELS_KEPT = 12;

  private final ChainSpec spec;
  private final Hash chainId;
  private final ChainStore store;
  private final LedgerParams params;
  private final VerifiedSignatures signatures;
  private final TransactionRules rules;
  private final Optional<EpochEnd> epochEnd;

  /// Executed blocks that are not final, parents before children.
  private final Map<Cid, Overlay> overlays = new LinkedHashMap<>();

  private long overlayBytes;
  private FinalState last;

  public Ledger(ChainSpec spec, ChainStore store) {
    this(spec, store, LedgerParams.defaults(), new VerifiedSignatures());
  }

  /// Opens the chain in the store; writes the genesis block into a new one.
  ///
  /// @throws LedgerException when the store belongs to another chain or is damaged
  public Ledger(
      ChainSpec spec, ChainStore store, LedgerParams params, VerifiedSignatures signatures) {
    this.spec = spec;
    this.chainId = spec.chainId();
    this.store = store;
    this.params = params;
    this.signatures = signatures;
    this.rules = new TransactionRules(spec);
    this.epochEnd = spec.engine().staking().map(EpochEnd::new);
    this.last = open(spec, store);
  }

  private static FinalState open(ChainSpec spec, ChainStore store) {
    Block genesis = spec.genesis();
    Optional<FinalHead> head = store.head();
    if (head.isEmpty()) {
      return begin(spec, store, genesis);
    }
    Optional<Cid> first = store.blockAt(0);
    if (first.isEmpty() || !first.get().equals(genesis.id())) {
      throw new LedgerException(
          "the stored chain starts with block "
              + first.map(Cid::toString).orElse("(none)")
              + ", the chain spec's with "
              + genesis.id());
    }
    StoredBlock block =
        store
            .block(head.get().block())
            .orElseThrow(() -> new LedgerException("the store lacks its head block"));
    Header header = Header.decode(block.header().toArrayUnsafe());
    if (!header.fields().stateRoot().equals(head.get().stateRoot())) {
      throw new LedgerException("the stored state is not the one after the head block");
    }
    return new FinalState(header, StateTree.open(head.get().stateRoot(), store), store);
  }

  private static FinalState begin(ChainSpec spec, ChainStore store, Block genesis) {
    List<StateChange> changes = new ArrayList<>();
    spec.genesisState()
        .forEach((k, v) -> changes.add(new StateChange(k, Optional.of(v), Optional.empty())));
    StateTree empty = StateTree.open(Hash.ZERO, store);
    Effects effects = new Effects(changes, List.of(), empty.with(changes));
    store.commit(new Overlay(genesis, effects, null, store).commit(Bytes.EMPTY, empty));
    return new FinalState(genesis.header(), effects.tree(), store);
  }

  /// Executes a block whose seal the engine has found good, and keeps the state after it.
  ///
  /// @param feeReceiver the account that the engine says is paid the fees
  public Execution execute(Block block, Address feeReceiver) {
    if (overlays.containsKey(block.id()) || last.block().equals(block.id())) {
      return new Execution.Executed(block.id());
    }
    if (block.height() <= last.height()) {
      return new Execution.Ignored("height " + block.height() + " is final already");
    }
    Cid parentId = block.parent().orElseThrow();
    Optional<View> parent = at(parentId);
    if (parent.isEmpty()) {
      return new Execution.Orphan(parentId);
    }
    if (overlays.size() >= params.overlaysMax()
        || overlayBytes + block.size() > params.overlayBytesMax()) {
      return new Execution.Ignored("too many blocks wait to become final");
    }
    Optional<String> fault = headerFault(block, parent.get());
    if (fault.isPresent()) {
      return new Execution.Rejected(fault.get());
    }
    BlockContext context = context(block.height(), block.header().time());
    BlockState state = new BlockState(parent.get());
    long fees = 0;
    for (Transaction transaction : block.transactions()) {
      Verdict verdict = apply(transaction, state, context);
      if (verdict instanceof Verdict.Reject(String reason)) {
        return new Execution.Rejected(transaction.id() + ": " + reason);
      }
      fees = Math.addExact(fees, transaction.fee());
    }
    Effects effects = finish(state, fees, feeReceiver, parentId, context);
    if (!effects.tree().root().equals(block.header().fields().stateRoot())) {
      return new Execution.Rejected(
          "the state root is " + effects.tree().root() + " after executing the block");
    }
    keep(block, effects, parentId);
    return new Execution.Executed(block.id());
  }

  private Optional<String> headerFault(Block block, View parent) {
    if (block.height() != parent.height() + 1) {
      return Optional.of("height " + block.height() + " after " + parent.height());
    }
    if (spec.engine().timesRise() && block.header().time() <= parent.time()) {
      return Optional.of("its time is not above its parent's");
    }
    int bytesMax = spec.blockBytesMax() - Block.CERTIFICATE_BYTES_MAX;
    if (block.size() > bytesMax) {
      return Optional.of("header and body have " + block.size() + " bytes, over " + bytesMax);
    }
    return Optional.empty();
  }

  /// Makes and executes a block of those candidates that the state admits, in the order given.
  ///
  /// @throws IllegalArgumentException when the parent is not known or the time is not above its
  ///   time
  public Assembled assemble(Draft draft, Sealer sealer) {
    return assemble(draft, sealer, true);
  }

  /// Makes a block without a seal, and keeps nothing of it: once somebody has found the seal, the
  /// block is executed as any other.
  ///
  /// @throws IllegalArgumentException as [#assemble] does
  public Assembled template(Draft draft) {
    return assemble(draft, Sealer.NONE, false);
  }

  private Assembled assemble(Draft draft, Sealer sealer, boolean keep) {
    View parent = at(draft.parent()).orElseThrow(IllegalArgumentException::new);
    if (spec.engine().timesRise() && draft.time() <= parent.time()) {
      throw new IllegalArgumentException("the time is not above the parent's");
    }
    long height = parent.height() + 1;
    BlockContext context = context(height, draft.time());
    int bytesMax = spec.blockBytesMax() - Block.CERTIFICATE_BYTES_MAX - Header.BYTES_MAX;
    BlockState state = new BlockState(parent);
    List<Transaction> taken = new ArrayList<>();
    List<Assembled.Refused> refused = new ArrayList<>();
    int bytes = 0;
    long fees = 0;
    for (Transaction transaction : draft.candidates()) {
      if (Body.sizeOf(taken.size() + 1, bytes + transaction.size()) > bytesMax) {
        continue;
      }
      Verdict verdict = apply(transaction, state, context);
      if (verdict instanceof Verdict.Reject(String reason)) {
        refused.add(new Assembled.Refused(transaction, reason));
        continue;
      }
      taken.add(transaction);
      bytes += transaction.size();
      fees = Math.addExact(fees, transaction.fee());
    }
    Effects effects = finish(state, fees, draft.feeReceiver(), draft.parent(), context);
    Block block =
        Block.seal(
            height,
            draft.time(),
            Optional.of(draft.parent()),
            Body.of(taken),
            effects.tree().root(),
            draft.consensus(),
            sealer);
    if (keep) {
      keep(block, effects, draft.parent());
    }
    return new Assembled(block, refused);
  }

  private Verdict apply(Transaction transaction, BlockState state, BlockContext context) {
    if (!signatures.verify(transaction, domainAt(context.height()))) {
      return Verdict.reject("its signature is not good");
    }
    Verdict verdict = rules.apply(transaction, state, context);
    if (verdict.accepted()) {
      state.keep();
    } else {
      state.rollBack();
    }
    return verdict;
  }

  /// Whether a block of this time over this state would admit a transaction, its signature aside.
  /// Changes nothing.
  public Verdict admits(Transaction transaction, View state, long time) {
    return rules.apply(transaction, new BlockState(state), context(state.height() + 1, time));
  }

  /// Why a transaction can never be valid, so that whoever passes it on is at fault; empty for all
  /// others, the invalid ones too that a different state might admit.
  public Optional<String> forged(Transaction transaction) {
    View state = finalState();
    return rules.forged(transaction, state, context(state.height() + 1, state.time() + 1));
  }

  private BlockContext context(long height, long time) {
    return new BlockContext(height, time, this::domainAt);
  }

  /// Pays the fees, ends the epoch if this is its last block, and works out the tree after it.
  private Effects finish(
      BlockState state, long fees, Address feeReceiver, Cid parent, BlockContext context) {
    if (fees > 0) {
      state.put(feeReceiver, state.account(feeReceiver).credit(fees));
      state.keep();
    }
    if (epochEnd.isPresent() && epochEnd.get().at(context.height())) {
      epochEnd.get().apply(state, context.height(), context.timeMillis());
      state.keep();
    }
    Overlay overlay = overlays.get(parent);
    StateTree before = overlay == null ? last.tree() : overlay.tree();
    List<StateChange> changes = state.changes();
    return new Effects(changes, state.versions(), before.with(changes));
  }

  private void keep(Block block, Effects effects, Cid parent) {
    if (overlays.containsKey(block.id())) {
      return;
    }
    overlays.put(block.id(), new Overlay(block, effects, overlays.get(parent), store));
    overlayBytes += block.size();
  }

  /// Makes an executed block final, and with it its ancestors; forgets blocks that lost to it. Each
  /// block is durable in the store when this returns.
  ///
  /// @param certificate the engine's proof, kept beside the block
  /// @return the blocks that became final, in their order
  /// @throws IllegalArgumentException when the ledger has not executed the block
  public List<Block> finalize(Cid block, Bytes certificate) {
    if (block.equals(last.block())) {
      return List.of();
    }
    List<Overlay> way = new ArrayList<>();
    for (@Nullable Overlay o = overlays.get(block); o != null; o = o.parent().orElse(null)) {
      way.addFirst(o);
    }
    if (way.isEmpty()) {
      throw new IllegalArgumentException("not executed here: " + block);
    }
    List<Block> finals = new ArrayList<>();
    for (Overlay overlay : way) {
      boolean proven = overlay == way.getLast();
      store.commit(overlay.commit(proven ? certificate : Bytes.EMPTY, last.tree()));
      last = new FinalState(overlay.content().header(), overlay.tree(), store);
      finals.add(overlay.content());
      overlay.content().transactions().forEach(t -> signatures.forget(t.id()));
    }
    dropLosers(way.getLast());
    if (last.tree().pagesInMemory() > params.pagesInMemoryMax()) {
      last.tree().release(TREE_LEVELS_KEPT);
    }
    return finals;
  }

  /// Keeps only the overlays that grew out of the new final block.
  private void dropLosers(Overlay head) {
    Map<Cid, Overlay> kept = new LinkedHashMap<>();
    overlayBytes = 0;
    for (Overlay overlay : overlays.values()) {
      Optional<Overlay> parent = overlay.parent();
      boolean child = parent.isPresent() && parent.get() == head;
      if (child || parent.map(p -> kept.containsKey(p.block())).orElse(false)) {
        kept.put(overlay.block(), overlay);
        overlayBytes += overlay.content().size();
      }
      if (child) {
        overlay.parentIsFinal();
      }
    }
    overlays.clear();
    overlays.putAll(kept);
  }

  /// The state after the last final block.
  public View finalState() {
    return last;
  }

  /// The last final block.
  public FinalHead head() {
    return new FinalHead(last.block(), last.height(), last.stateRoot());
  }

  /// The state after a block: the last final one, or one that is executed and not final.
  public Optional<View> at(Cid block) {
    if (block.equals(last.block())) {
      return Optional.of(last);
    }
    return Optional.ofNullable(overlays.get(block));
  }

  /// A block that is executed and not final.
  public Optional<Block> pending(Cid block) {
    return Optional.ofNullable(overlays.get(block)).map(Overlay::content);
  }

  /// The domain of signatures in and for a block at this height.
  public SigningDomain domainAt(long height) {
    return new SigningDomain(chainId, spec.forkVersion(height));
  }

  public ChainSpec spec() {
    return spec;
  }

  public ChainStore store() {
    return store;
  }

  public TransactionRules rules() {
    return rules;
  }

  /// The signatures that were verified, for whoever verifies a block's before it comes here.
  public VerifiedSignatures signatures() {
    return signatures;
  }
}
