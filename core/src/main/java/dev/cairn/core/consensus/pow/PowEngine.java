package dev.cairn.core.consensus.pow;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.pow.WorkTree.Node;
import dev.cairn.core.consensus.pow.WorkTree.State;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// Proof of work (spec/pow.md): the branch with the most work is the chain, and a block is final
/// once it has as many confirmations as the chain spec asks for; below that nothing is reorganised.
///
/// A header is judged, and its block passed on, before the block is executed; it is executed only
/// when its branch has more work than the head's. What was executed and is not final is kept in the
/// vote log, so that it is there again when all nodes were down at once.
///
/// A node that mines differs from one that does not in nothing but that it asks for work; an engine
/// that mines always has a deadline, since it makes blocks at the chain's pace whether there are
/// transactions or not.
public final class PowEngine implements Engine {

  /// Blocks by which the final height rises until the vote log is told of it.
  private static final int PRUNE_BLOCKS = 16;

  private static final long RETRY_NANOS = 1_000_000_000L;

  /// How long nothing is mined upon an old head, after a start or while a peer seems to be far
  /// ahead: it would soon be final here, and nowhere else.
  private static final long REST_NANOS = 5_000_000_000L;

  private final PowRules rules;
  private final LongUnaryOperator finalTimes;
  private final @Nullable Mining mining;
  private @Nullable Running running;

  private PowEngine(PowRules rules, LongUnaryOperator finalTimes, @Nullable Mining mining) {
    this.rules = rules;
    this.finalTimes = finalTimes;
    this.mining = mining;
  }

  /// The engine of a node that follows and does not mine.
  ///
  /// @param finalTimes the header time, in milliseconds, of the final block at a height
  public static PowEngine observer(PowRules rules, LongUnaryOperator finalTimes) {
    return new PowEngine(rules, finalTimes, null);
  }

  /// The engine of a node that mines too.
  ///
  /// @param miner who is paid the fees of its blocks
  public static PowEngine miner(PowRules rules, LongUnaryOperator finalTimes, Address miner) {
    return new PowEngine(rules, finalTimes, new Mining(rules, miner));
  }

  @Override
  public void step(EngineInput input, Now now, Consumer<? super EngineEffect> out) {
    if (input instanceof EngineInput.Started started) {
      if (running != null) {
        throw new IllegalStateException("the engine was started already");
      }
      running = new Running(started, now);
      out.accept(new EngineEffect.Head(started.tip().block()));
    }
    started().take(input, now, out);
    started().advance(now, out);
  }

  @Override
  public void tick(Now now, Consumer<? super EngineEffect> out) {
    if (running != null) {
      running.timers(now);
      running.advance(now, out);
    }
  }

  @Override
  public long deadlineNanos() {
    return running == null ? Long.MAX_VALUE : running.deadlineNanos;
  }

  @Override
  public Optional<Block> block(Cid id) {
    return running == null ? Optional.empty() : running.block(id);
  }

  private Running started() {
    if (running == null) {
      throw new IllegalStateException("the engine has not been started");
    }
    return running;
  }

  /// The engine once it knows where it stands.
  private final class Running {

    private final WorkTree tree;
    private final Parked parked = new Parked();
    private final Wanted wanted = new Wanted();

    /// The newest block of the chain; null for the final one.
    private @Nullable Node head;

    private @Nullable Node checking;
    private long retryNanos = Long.MIN_VALUE;
    private long restNanos;
    private long prunedHeight;
    private long deadlineNanos = Long.MAX_VALUE;

    Running(EngineInput.Started started, Now now) {
      restNanos = now.nanos() + REST_NANOS;
      tree = new WorkTree(rules, started.tip(), finalTimes);
      prunedHeight = started.tip().height();
    }

    Optional<Block> block(Cid id) {
      return tree.node(id).map(n -> n.block).or(() -> parked.block(id));
    }

    void take(EngineInput input, Now now, Consumer<? super EngineEffect> out) {
      switch (input) {
        case EngineInput.Started(var _, var records) -> records.forEach(r -> restore(r, now));
        case EngineInput.BlockReceived b -> {
          boolean asked = wanted.has(b.block().id());
          wanted.got(b.block().id());
          Verdict verdict = judge(b, now, out);
          boolean passedOn = verdict.accepted() && !asked;
          tree.node(b.block().id()).ifPresent(n -> n.sent |= passedOn);
          out.accept(new EngineEffect.Judged(b.origin(), verdict));
        }
        case EngineInput.MessageReceived m ->
            out.accept(
                new EngineEffect.Judged(
                    m.origin(), Verdict.reject("proof of work has no messages of its own")));
        case EngineInput.Built(long slot, Block template) -> {
          if (mining != null) {
            mining.built(slot, template, out);
          }
        }
        case EngineInput.Mined(long work, long nonce) -> {
          if (mining != null) {
            mining.mined(work, nonce).ifPresent(block -> place(block, "", now));
          }
        }
        case EngineInput.Checked(Cid id, Verdict verdict) -> checked(id, verdict, now, out);
        case EngineInput.Synced(var tip) -> {
          if (tip.height() > tree.tip().height()) {
            tree.synced(tip);
            settle();
            for (Parked.Waiting child : parked.childrenOf(tip.block())) {
              place(child.block(), child.peer(), now);
            }
          }
        }
        case EngineInput.PeerSaid said -> heard(said, now);
        case EngineInput.Pending _, EngineInput.NothingToBuild _, EngineInput.PeerLeft _ -> {}
        case EngineInput.Voting _ -> {}
      }
    }

    /// Takes up a block that was here before the node stopped.
    private void restore(VoteRecord entry, Now now) {
      if (entry.kind() == VoteRecord.Kind.CANDIDATE) {
        Block block = BlockMessage.decode(entry.content().toArrayUnsafe()).block();
        if (block.height() > tree.tip().height() && rules.fault(block.header()).isEmpty()) {
          place(block, "", now);
          tree.node(block.id()).ifPresent(n -> n.sent = true);
        }
      }
    }

    private Verdict judge(
        EngineInput.BlockReceived input, Now now, Consumer<? super EngineEffect> out) {
      Block block = input.block();
      if (!input.seal().isEmpty()) {
        return Verdict.reject("proof of work puts nothing beside a block");
      }
      if (block.height() <= tree.tip().height()) {
        return Verdict.ignore("of a height that is final");
      }
      if (tree.holds(block.id()) || parked.holds(block.id())) {
        return Verdict.ignore("known already");
      }
      Optional<String> fault = rules.fault(block.header());
      if (fault.isPresent()) {
        return Verdict.reject(fault.get());
      }
      String peer = input.origin().peer();
      if (block.height() > tree.tip().height() + rules.catchUpBlocks()) {
        out.accept(new EngineEffect.Behind(peer));
        return Verdict.ignore("too far ahead");
      }
      return place(block, peer, now);
    }

    /// Puts a block with good work where it belongs, and then those that waited for it.
    private Verdict place(Block block, String peer, Now now) {
      Cid parentId = block.parent().orElseThrow();
      Optional<Node> parent = tree.node(parentId);
      if (parent.isEmpty() && !parentId.equals(tree.tip().block())) {
        if (block.height() == tree.tip().height() + 1) {
          return Verdict.ignore("of a branch that lost");
        }
        parked.add(block, peer, 0);
        return Verdict.ignore("its parent is not here");
      }
      if (parent.isPresent() && parent.get().state == State.INVALID) {
        return Verdict.ignore("upon a block that is against the rules");
      }
      Optional<String> fault = tree.fault(block, parent.orElse(null));
      if (fault.isPresent()) {
        return Verdict.reject(fault.get());
      }
      long from = block.header().time() - rules.aheadMillis();
      if (from > now.wallMillis()) {
        parked.add(block, peer, from);
        return Verdict.ignore("its time is too far ahead");
      }
      if (tree.add(block, parent.orElse(null), head).isEmpty()) {
        return Verdict.ignore("there is no room for a branch with so little work");
      }
      for (Parked.Waiting child : parked.childrenOf(block.id())) {
        place(child.block(), child.peer(), now);
      }
      return Verdict.accept();
    }

    private void checked(Cid id, Verdict verdict, Now now, Consumer<? super EngineEffect> out) {
      Node node = checking;
      if (node == null || !node.block.id().equals(id)) {
        return;
      }
      checking = null;
      switch (verdict) {
        case Verdict.Accept _ -> {
          node.state = State.VALID;
          Bytes content = Bytes.wrap(new BlockMessage(node.block, Bytes.EMPTY).encode());
          out.accept(
              new EngineEffect.Persist(
                  new VoteRecord(VoteRecord.Kind.CANDIDATE, 0, node.block.height(), content)));
        }
        case Verdict.Reject _ -> tree.invalidate(node);
        case Verdict.Ignore _ -> {
          node.state = State.HELD;
          retryNanos = now.nanos() + RETRY_NANOS;
        }
      }
    }

    private void heard(EngineInput.PeerSaid said, Now now) {
      long above = said.height() - tree.tip().height();
      if (above <= 0 || tree.holds(said.head()) || parked.holds(said.head())) {
        return;
      }
      if (above <= rules.catchUpBlocks()) {
        wanted.head(said.head(), said.peer(), now);
      } else {
        restNanos = now.nanos() + REST_NANOS;
      }
    }

    void timers(Now now) {
      for (Parked.Waiting waiting : parked.due(now.wallMillis())) {
        place(waiting.block(), waiting.peer(), now);
      }
    }

    /// Draws every conclusion from what is known now.
    void advance(Now now, Consumer<? super EngineEffect> out) {
      Optional<Node> best = Optional.empty();
      while (checking == null && retryNanos <= now.nanos()) {
        best = tree.heaviest(head);
        if (best.isEmpty()) {
          break;
        }
        Optional<Node> next = WorkTree.unchecked(best.get());
        if (next.isPresent()) {
          check(next.get(), out);
        } else {
          moveHead(best.get(), out);
        }
      }
      wanted.parents(parked.missing(), now);
      wanted.ask(now, out);
      if (checking == null) {
        announce(out);
      }
      if (mining != null && checking == null) {
        mine(mining, now, out);
      }
      deadlineNanos = nextDeadline(now);
    }

    private void check(Node node, Consumer<? super EngineEffect> out) {
      node.state = State.CHECKING;
      checking = node;
      Address miner = WorkTuple.decode(node.block.header().consensus()).miner();
      out.accept(new EngineEffect.Check(node.block, miner));
    }

    private void moveHead(Node next, Consumer<? super EngineEffect> out) {
      head = next;
      out.accept(new EngineEffect.Head(next.block.id()));
      long height = next.block.height() - rules.finalityDepth() + 1;
      if (height <= tree.tip().height()) {
        return;
      }
      Node last = WorkTree.ancestor(next, height);
      out.accept(new EngineEffect.Finalized(last.block.id(), Bytes.EMPTY));
      tree.finalized(last);
      settle();
      if (height >= prunedHeight + PRUNE_BLOCKS) {
        prunedHeight = height;
        out.accept(new EngineEffect.Prune(0, height));
      }
    }

    /// Forgets what the new tip has decided.
    private void settle() {
      parked.finalized(tree.tip().height(), tree.tip().block());
      if (head != null && tree.node(head.block.id()).isEmpty()) {
        head = null;
      }
      if (checking != null && tree.node(checking.block.id()).isEmpty()) {
        checking = null;
      }
    }

    /// Sends the head to whoever has not heard of it from here: a block of this node's own, or one
    /// that was fetched or had to wait, and so was not passed on by its verdict.
    private void announce(Consumer<? super EngineEffect> out) {
      if (head != null && !head.sent) {
        head.sent = true;
        out.accept(new EngineEffect.BroadcastBlock(head.block, Bytes.EMPTY, true));
      }
    }

    private void mine(Mining miner, Now now, Consumer<? super EngineEffect> out) {
      Node on = head;
      if (resting(now)) {
        miner.stop(out);
      } else if (on == null) {
        miner.update(
            tree.tip().block(),
            tree.tip().height(),
            tree.tip().timeMillis(),
            tree.median(null),
            now,
            out);
      } else {
        long time = on.block.header().time();
        miner.update(on.block.id(), on.block.height(), time, tree.median(on), now, out);
      }
    }

    /// A young head is not far behind, whatever peers claim.
    private boolean resting(Now now) {
      Node on = head;
      long headMillis = on == null ? tree.tip().timeMillis() : on.block.header().time();
      long oldMillis = rules.catchUpBlocks() / 2 * rules.params().blockIntervalMillis();
      return restNanos > now.nanos() && headMillis < now.wallMillis() - oldMillis;
    }

    private long nextDeadline(Now now) {
      long deadline = wanted.deadlineNanos();
      Optional<Long> due = parked.nextMillis();
      if (due.isPresent()) {
        long wait = Math.clamp(due.get() - now.wallMillis(), 1, 60_000);
        deadline = Math.min(deadline, now.nanos() + wait * 1_000_000);
      }
      if (retryNanos > now.nanos()) {
        deadline = Math.min(deadline, retryNanos);
      }
      if (mining == null) {
        return deadline;
      }
      return Math.min(deadline, resting(now) ? restNanos : mining.deadlineNanos());
    }
  }
}
