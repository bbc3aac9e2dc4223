package dev.cairn.core.peer;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.View;
import dev.cairn.core.mempool.Mempool;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.Status;
import dev.cairn.core.sync.SyncEffect;
import dev.cairn.core.sync.SyncInput;
import dev.cairn.core.sync.SyncMachine;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/// A peer of the chain: ledger, pending transactions, consensus engine and sync, and all that
/// passes between them, as one machine. It is where a vote is persisted before it is sent, and a
/// block committed before anybody hears that it is final.
///
/// What must not wait (verdicts, votes, blocks) happens in the step that brings it. What gains from
/// company (gossiping transactions, starting a block) happens in the tick after as many inputs as
/// have queued: little is not delayed, and much fills messages and blocks.
///
/// Owner: the one thread that drives it. [#view] alone is for all threads.
public final class PeerMachine implements Machine<PeerInput, PeerEffect> {

  /// No gossiped message waits for the verdict on a block that was asked for.
  private static final long NO_TOKEN = -1;

  private final Ledger ledger;
  private final Mempool mempool;
  private final Engine engine;
  private final SealVerifier seals;
  private final SyncMachine sync;
  private final Outbox outbox;
  private final Neighbours neighbours;
  private final Accusations accusations;
  private final Submissions submissions;
  private final Blocks blocks;
  private final Answers answers;
  private final Hash chainId;
  private final Cid genesis;

  /// Inputs of the parts that answer their effects, in order, so that no part is entered twice.
  private final ArrayDeque<EngineInput> engineInputs = new ArrayDeque<>();

  private final ArrayDeque<SyncInput> syncInputs = new ArrayDeque<>();
  private boolean started;
  private long lastNanos = Long.MIN_VALUE;

  /// Whether the engine may not know that transactions wait on its head.
  private boolean pendingUnsaid;

  private volatile ChainView view;

  /// @param ledger opened on the store that this peer goes on from
  /// @param engine not started yet
  public PeerMachine(Ledger ledger, Engine engine, SealVerifier seals, PeerParams params) {
    this(ledger, engine, seals, params, new Accusations(ledger, params));
  }

  /// @param reporter the validator's key, with which the misbehaviour of others is reported
  public PeerMachine(
      Ledger ledger, Engine engine, SealVerifier seals, PeerParams params, Ed25519Key reporter) {
    this(ledger, engine, seals, params, new Accusations(ledger, params, reporter));
  }

  private PeerMachine(
      Ledger ledger, Engine engine, SealVerifier seals, PeerParams params, Accusations reports) {
    this.ledger = ledger;
    this.mempool = new Mempool(params.mempool(), ledger.rules());
    this.engine = engine;
    this.seals = seals;
    View state = ledger.finalState();
    this.sync = new SyncMachine(state.height(), state.block(), seals, params.sync());
    this.outbox = new Outbox(params);
    this.neighbours = new Neighbours(params);
    this.accusations = reports;
    this.submissions = new Submissions(ledger, mempool, accusations, params.mempool());
    this.blocks = new Blocks(ledger, mempool, accusations, seals, submissions, outbox);
    this.answers = new Answers(ledger, mempool, engine, submissions, blocks);
    this.chainId = ledger.spec().chainId();
    this.genesis = ledger.store().blockAt(0).orElseThrow();
    this.view = currentView();
  }

  /// The chain as it stood after the last step; for any thread.
  public ChainView view() {
    return view;
  }

  @Override
  public long deadlineNanos() {
    if (!started) {
      return Long.MAX_VALUE;
    }
    long next = Math.min(engine.deadlineNanos(), sync.deadlineNanos());
    next = Math.min(next, Math.min(outbox.deadlineNanos(), neighbours.deadlineNanos()));
    next = Math.min(next, Math.min(submissions.deadlineNanos(), accusations.deadlineNanos()));
    // Never before the last step: what is overdue is due now.
    return pendingUnsaid ? lastNanos : Math.max(next, lastNanos);
  }

  @Override
  public void step(PeerInput input, Now now, Consumer<? super PeerEffect> out) {
    lastNanos = now.nanos();
    if (!started && !(input instanceof PeerInput.Started)) {
      throw new IllegalStateException("not started, and got " + input);
    }
    switch (input) {
      case PeerInput.Started i -> start(i);
      case PeerInput.Submit i -> submit(i, now, out);
      case PeerInput.GossipedTransactions i -> transactions(i, now, out);
      case PeerInput.GossipedBlock i -> block(i, now, out);
      case PeerInput.GossipedVote(long token, String from, Bytes message) ->
          engineInputs.add(new EngineInput.MessageReceived(message, new Origin(from, token)));
      case PeerInput.PeerJoined(String peer) -> neighbours.joined(peer, now.nanos(), out);
      case PeerInput.PeerStatus(String peer, Status status) -> status(peer, status, out);
      case PeerInput.PeerGone(String peer) -> gone(peer);
      case PeerInput.SyncAnswer i -> answered(i, out);
      case PeerInput.SyncHeaders(long id, String peer, var headers) ->
          syncInputs.add(new SyncInput.Headers(id, peer, headers));
      case PeerInput.SyncFailed(long id, String peer, String reason, boolean malformed) -> {
        if (neighbours.fetched(id, peer).isEmpty()) {
          syncInputs.add(new SyncInput.Failed(id, peer, reason, malformed));
        } else if (malformed) {
          out.accept(new PeerEffect.Penalize(peer, reason));
        }
      }
      case PeerInput.Mined(long work, long nonce) ->
          engineInputs.add(new EngineInput.Mined(work, nonce));
      case PeerInput.Voting(boolean allowed) -> engineInputs.add(new EngineInput.Voting(allowed));
      case PeerInput.Query(long ticket, Question question) ->
          out.accept(new PeerEffect.Answered(ticket, answers.to(question)));
    }
    settle(now, out);
  }

  @Override
  public void tick(Now now, Consumer<? super PeerEffect> out) {
    if (!started) {
      return;
    }
    lastNanos = now.nanos();
    pendingUnsaid |= accusations.report(outbox, now);
    if (pendingUnsaid) {
      sayPending(now);
      settle(now, out);
    }
    engine.tick(now, effect -> perform(effect, now, out));
    sync.tick(now, effect -> perform(effect, now, out));
    settle(now, out);
    submissions.expire(now);
    outbox.flush(
        now.nanos(),
        id -> submissions.get(id).isPresent(),
        id -> blocks.chain().holding(id).isPresent(),
        id -> submissions.again(id, blocks.head(), now, out),
        out);
    neighbours.tick(now.nanos(), out);
    view = currentView();
  }

  private void start(PeerInput.Started input) {
    if (started) {
      throw new IllegalStateException("started twice");
    }
    started = true;
    engineInputs.add(new EngineInput.Started(blocks.tip(), input.votes()));
  }

  private void submit(PeerInput.Submit input, Now now, Consumer<? super PeerEffect> out) {
    Transaction transaction = input.transaction();
    boolean known =
        submissions.get(transaction.id()).isPresent()
            || blocks.chain().holding(transaction.id()).isPresent();
    SubmitResult result =
        known
            ? new SubmitResult.Accepted(transaction.id())
            : submissions.submit(transaction, blocks.head(), now);
    out.accept(new PeerEffect.Submitted(input.ticket(), result));
    if (!known && result instanceof SubmitResult.Accepted) {
      outbox.add(transaction);
      pendingUnsaid = true;
    }
  }

  private void transactions(
      PeerInput.GossipedTransactions input, Now now, Consumer<? super PeerEffect> out) {
    Verdict verdict = Verdict.ignore("nothing in it");
    for (Transaction transaction : input.transactions()) {
      Verdict one = submissions.heard(transaction, blocks.head(), now);
      verdict = verdict.accepted() ? verdict : one;
    }
    pendingUnsaid |= verdict.accepted();
    out.accept(new PeerEffect.Report(input.token(), verdict));
  }

  private void block(PeerInput.GossipedBlock input, Now now, Consumer<? super PeerEffect> out) {
    BlockMessage message = input.message();
    long height = message.block().height();
    long finalized = ledger.finalState().height();
    if (height <= finalized || sync.has(height)) {
      out.accept(
          new PeerEffect.Report(
              input.token(), Verdict.ignore("block " + height + " is known or was decided")));
      return;
    }
    Verdict certified = seals.verify(message.block().header(), message.seal());
    if (certified.accepted()) {
      // Final whatever comes: it is passed on before its turn to be executed.
      out.accept(new PeerEffect.Report(input.token(), Verdict.accept()));
      syncInputs.add(new SyncInput.Gossiped(input.from(), message));
      if (height > finalized + 1) {
        neighbours.askStatus(input.from(), now.nanos(), out);
      }
      return;
    }
    // No certificate, or a bad one: the engine knows the other seals and judges.
    engineInputs.add(
        new EngineInput.BlockReceived(
            message.block(), message.seal(), new Origin(input.from(), input.token())));
  }

  private void status(String peer, Status status, Consumer<? super PeerEffect> out) {
    if (!status.chainId().equals(chainId) || !status.genesis().equals(genesis)) {
      part(peer, "another chain: this is " + chainId + ", yours " + status.chainId(), out);
      return;
    }
    Optional<Cid> own = ledger.store().blockAt(status.finalizedHeight());
    if (own.isPresent() && !own.get().equals(status.finalized())) {
      part(peer, "another final block at height " + status.finalizedHeight(), out);
      return;
    }
    if (neighbours.knows(peer)) {
      long reach = seals.reach(status.finalizedHeight());
      syncInputs.add(new SyncInput.PeerHeight(peer, reach));
      if (sync.believes(peer, lastNanos)) {
        engineInputs.add(
            new EngineInput.PeerSaid(
                peer, status.height(), status.head(), status.finalizedHeight()));
      }
    }
  }

  private void part(String peer, String reason, Consumer<? super PeerEffect> out) {
    gone(peer);
    out.accept(new PeerEffect.Disconnect(peer, reason));
  }

  private void gone(String peer) {
    neighbours.gone(peer);
    syncInputs.add(new SyncInput.PeerGone(peer));
    engineInputs.add(new EngineInput.PeerLeft(peer));
  }

  private void answered(PeerInput.SyncAnswer input, Consumer<? super PeerEffect> out) {
    Optional<Cid> fetched = neighbours.fetched(input.requestId(), input.peer());
    if (fetched.isEmpty()) {
      syncInputs.add(new SyncInput.Blocks(input.requestId(), input.peer(), input.blocks()));
      return;
    }
    for (BlockMessage message : input.blocks()) {
      if (!message.block().id().equals(fetched.get()) || input.blocks().size() > 1) {
        out.accept(new PeerEffect.Penalize(input.peer(), "not the block that was asked for"));
        return;
      }
      engineInputs.add(
          new EngineInput.BlockReceived(
              message.block(), message.seal(), new Origin(input.peer(), NO_TOKEN)));
    }
  }

  /// Lets engine and sync take what they were answered until neither has anything left.
  private void settle(Now now, Consumer<? super PeerEffect> out) {
    while (true) {
      EngineInput forEngine = engineInputs.poll();
      if (forEngine != null) {
        engine.step(forEngine, now, effect -> perform(effect, now, out));
        continue;
      }
      SyncInput forSync = syncInputs.poll();
      if (forSync == null) {
        break;
      }
      sync.step(forSync, now, effect -> perform(effect, now, out));
    }
    blocks.tellHead(out);
    view = currentView();
  }

  private void perform(EngineEffect effect, Now now, Consumer<? super PeerEffect> out) {
    switch (effect) {
      case EngineEffect.Build build -> engineInputs.add(blocks.build(build, out));
      case EngineEffect.Template template -> engineInputs.add(blocks.template(template, out));
      case EngineEffect.Mine(long work, var puzzle) ->
          out.accept(new PeerEffect.Mine(work, puzzle));
      case EngineEffect.StopMining() -> out.accept(new PeerEffect.StopMining());
      case EngineEffect.Check(Block block, Address feeReceiver) ->
          engineInputs.add(new EngineInput.Checked(block.id(), blocks.check(block, feeReceiver)));
      case EngineEffect.Persist(var entry) -> out.accept(new PeerEffect.PersistVote(entry));
      case EngineEffect.Broadcast(Bytes message, boolean again) ->
          out.accept(new PeerEffect.GossipVote(message, again));
      case EngineEffect.BroadcastBlock(Block block, Bytes seal, boolean again) ->
          out.accept(new PeerEffect.GossipBlock(new BlockMessage(block, seal), again));
      case EngineEffect.Judged(Origin origin, Verdict verdict) -> judged(origin, verdict, out);
      case EngineEffect.Head(Cid block) -> {
        blocks.head(block, now);
        pendingUnsaid = submissions.waiting();
      }
      case EngineEffect.Finalized(Cid block, Bytes certificate) -> {
        blocks.commit(block, certificate, out);
        advanced(now);
      }
      case EngineEffect.RequestBlock(Cid block, String peer) ->
          neighbours.fetch(block, peer, now.nanos(), out);
      case EngineEffect.Behind(String peer) -> neighbours.askStatus(peer, now.nanos(), out);
      case EngineEffect.Misbehaviour(Bytes offender, Bytes evidence) -> {
        accusations.caught(offender, evidence, now);
        out.accept(new PeerEffect.Misbehaviour(offender, evidence));
      }
      case EngineEffect.Prune(long epoch, long slot) ->
          out.accept(new PeerEffect.PruneVotes(epoch, slot));
    }
  }

  private void judged(Origin origin, Verdict verdict, Consumer<? super PeerEffect> out) {
    if (origin.token() != NO_TOKEN) {
      out.accept(new PeerEffect.Report(origin.token(), verdict));
    }
    if (verdict instanceof Verdict.Reject(String reason)) {
      out.accept(new PeerEffect.Penalize(origin.peer(), reason));
    }
  }

  private void perform(SyncEffect effect, Now now, Consumer<? super PeerEffect> out) {
    switch (effect) {
      case SyncEffect.Request(long id, String peer, var range) ->
          out.accept(new PeerEffect.RequestBlocks(id, peer, range));
      case SyncEffect.RequestHeaders(long id, String peer, var headers) ->
          out.accept(new PeerEffect.RequestBlocks(id, peer, headers));
      case SyncEffect.Penalize(String peer, String reason) ->
          out.accept(new PeerEffect.Penalize(peer, reason));
      case SyncEffect.Deliver(BlockMessage message) -> {
        Optional<SyncInput.Refused> refused = blocks.deliver(message, out);
        refused.ifPresent(syncInputs::add);
        if (refused.isEmpty()) {
          engineInputs.add(new EngineInput.Synced(blocks.tip()));
          advanced(now);
        }
      }
    }
  }

  private void advanced(Now now) {
    View state = ledger.finalState();
    syncInputs.add(new SyncInput.Advanced(state.height(), state.block()));
    accusations.advanced(now);
    pendingUnsaid = submissions.waiting();
  }

  private void sayPending(Now now) {
    pendingUnsaid = false;
    boolean waiting = submissions.executable(blocks.head(), now);
    engineInputs.add(new EngineInput.Pending(waiting));
  }

  private ChainView currentView() {
    View state = ledger.finalState();
    View head = blocks.head();
    return new ChainView(
        chainId,
        genesis,
        head.height(),
        head.block(),
        state.height(),
        state.block(),
        state.stateRoot(),
        state.time(),
        mempool.size(),
        sync.syncing(),
        sync.target());
  }
}
