package dev.cairn.node.chain;

import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.VoteLog;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.ChainView;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.core.peer.PeerMachine;
import dev.cairn.core.peer.Question;
import dev.cairn.core.peer.SubmitResult;
import dev.cairn.core.sync.RangeServer;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.libp2p.gossipsub.Gossipsub;
import dev.cairn.libp2p.host.Host;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Driver;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.metrics.Durations;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The peer machine on a thread of its own, and the calls by which others reach it.
///
/// The thread is a platform thread: the store and the vote log pin it. Votes are synced before
/// anything that relies on them leaves: one sync covers all that a batch of effects persists in a
/// row.
public final class ChainPeer implements AutoCloseable {

  /// Inputs from the network that may wait.
  private static final int MAILBOX_MAX = 8_192;

  /// How long a caller waits for the machine, which answers in microseconds unless a block of the
  /// largest size is being executed before it.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  /// Spreads the nonces at which nodes start over all there are.
  private static final long FIRST_NONCE_STEP = 0x9e3779b97f4a7c15L;

  private static final Logger LOG = System.getLogger(ChainPeer.class.getName());

  private final PeerMachine machine;
  private final Driver<PeerInput, PeerEffect> driver;
  private final VoteLog votes;
  private final ChainNetwork network;
  private final Tickets<SubmitResult> submissions = new Tickets<>();
  private final Tickets<Answer> questions = new Tickets<>();
  private final FinalityWatch watch;
  private final LongAdder penalties = new LongAdder();
  private final LongAdder finalizedBlocks = new LongAdder();
  private final LongAdder finalizedTransactions = new LongAdder();
  private final Optional<Miner> miner;
  private boolean unsynced;

  /// What a chain peer is made of.
  public record Parts(
      ChainSpec spec,
      ChainStore store,
      PeerMachine machine,
      VoteLog votes,
      PeerIntake intake,
      Verifier verifier,
      Clock clock) {}

  private ChainPeer(
      Parts parts,
      Host host,
      Gossipsub gossipsub,
      Optional<Miner.Params> mining,
      Consumer<Throwable> onFailure) {
    this.machine = parts.machine();
    this.votes = parts.votes();
    this.watch = new FinalityWatch(parts.clock());
    String chain = parts.spec().shortName();
    this.network =
        new ChainNetwork(
            host,
            chain,
            new ChainGossip(gossipsub, Topics.of(chain), parts.intake(), parts.verifier()),
            new ChainStreams(
                host,
                chain,
                machine::view,
                new ChainStreams.Source(
                    parts.store(),
                    new RangeServer(parts.store(), parts.spec().engine().certified()),
                    this::openBlock)));
    this.driver =
        new Driver<>(
            machine,
            this::perform,
            parts.clock(),
            MAILBOX_MAX,
            Thread.ofPlatform().name("chain").factory(),
            onFailure);
    this.miner =
        mining.map(
            params ->
                new Miner(
                    params,
                    host.id().hashCode() * FIRST_NONCE_STEP,
                    (work, nonce) -> driver.submit(new PeerInput.Mined(work, nonce))));
  }

  /// Hands the machine what the vote log holds, joins the network, and goes.
  ///
  /// @param mining for a node whose engine asks for work
  /// @param onFailure told when the machine or the store broke; the node must stop
  public static ChainPeer start(
      Parts parts,
      Host host,
      Gossipsub gossipsub,
      Optional<Miner.Params> mining,
      Consumer<Throwable> onFailure) {
    ChainPeer peer = new ChainPeer(parts, host, gossipsub, mining, onFailure);
    peer.driver.submit(new PeerInput.Started(parts.votes().load()));
    peer.network.attach(peer.driver::offer, peer.driver::submit);
    peer.driver.start();
    return peer;
  }

  /// How long transactions took to be final that were submitted here and waited for.
  public Durations toFinal() {
    return watch.toFinal();
  }

  public ChainView view() {
    return machine.view();
  }

  /// Puts a transaction into the mempool and returns what the rules say of it. Its signature must
  /// have been checked.
  ///
  /// @return empty when the node is too busy to say
  public Optional<SubmitResult> submit(Transaction transaction) throws InterruptedException {
    try (var ticket = submissions.open()) {
      driver.submit(new PeerInput.Submit(ticket.number(), transaction));
      return ticket.await(ANSWER_MAX);
    }
  }

  /// Submits and, when accepted, waits until the transaction is final or dropped.
  public Submission submitAndWait(Transaction transaction, Duration timeout)
      throws InterruptedException {
    Optional<FinalityWatch.Claim> claimed = watch.claimSubmitted(transaction.id());
    if (claimed.isEmpty()) {
      return new Submission(Optional.empty(), Optional.empty());
    }
    try (var claim = claimed.get()) {
      Optional<SubmitResult> result = submit(transaction);
      boolean accepted = result.filter(r -> r instanceof SubmitResult.Accepted).isPresent();
      return new Submission(result, accepted ? claim.await(timeout) : Optional.empty());
    }
  }

  /// Submits several that are handed to the machine together, so that they cost one turn of its
  /// thread rather than one each; then waits for their fates, all within the timeout.
  ///
  /// @param timeout zero to wait for none
  /// @return one for each, in their order
  public List<Submission> submitAll(List<Transaction> transactions, Duration timeout)
      throws InterruptedException {
    List<Tickets<SubmitResult>.Ticket> tickets = new ArrayList<>();
    List<Optional<FinalityWatch.Claim>> claims = new ArrayList<>();
    try {
      for (Transaction transaction : transactions) {
        claims.add(timeout.isZero() ? Optional.empty() : watch.claimSubmitted(transaction.id()));
        var ticket = submissions.open();
        tickets.add(ticket);
        driver.submit(new PeerInput.Submit(ticket.number(), transaction));
      }
      long end = System.nanoTime() + timeout.toNanos();
      List<Submission> outcomes = new ArrayList<>();
      for (int i = 0; i < tickets.size(); i++) {
        Optional<SubmitResult> result = tickets.get(i).await(ANSWER_MAX);
        boolean accepted = result.filter(r -> r instanceof SubmitResult.Accepted).isPresent();
        Optional<TransactionFate> fate = Optional.empty();
        if (accepted && claims.get(i).isPresent()) {
          fate = claims.get(i).get().await(Duration.ofNanos(end - System.nanoTime()));
        }
        outcomes.add(new Submission(result, fate));
      }
      return outcomes;
    } finally {
      tickets.forEach(Tickets.Ticket::close);
      claims.forEach(claim -> claim.ifPresent(FinalityWatch.Claim::close));
    }
  }

  /// @param result empty when the node is too busy
  /// @param fate empty when the transaction was refused or nothing was decided in time
  public record Submission(Optional<SubmitResult> result, Optional<TransactionFate> fate) {}

  /// Waits until a transaction has so many confirmations: blocks of the node's chain from the one
  /// with the transaction up to the head. Ends too when it is final, or dropped.
  ///
  /// @param stored where the transaction is in the final chain
  /// @return the latest that is known of it; empty when it is pending still
  public Optional<TransactionFate> await(
      Cid transaction,
      long confirmations,
      Supplier<Optional<TransactionFate>> stored,
      Duration timeout)
      throws InterruptedException {
    Optional<FinalityWatch.Claim> claimed = watch.claim(transaction);
    if (claimed.isEmpty()) {
      return Optional.empty();
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    try (var claim = claimed.get()) {
      long seen = 0;
      while (true) {
        seen = watch.awaitChange(seen, Duration.ZERO);
        Optional<TransactionFate> fate = stored.get();
        if (fate.isEmpty()) {
          fate = claim.await(Duration.ZERO);
        }
        if (fate.isEmpty()) {
          fate = included(transaction);
        }
        boolean enough =
            fate.isPresent()
                && (!(fate.get() instanceof TransactionFate.Included(Cid _, long height))
                    || view().height() - height + 1 >= confirmations);
        long left = deadline - System.nanoTime();
        if (enough || left <= 0) {
          return fate;
        }
        seen = watch.awaitChange(seen, Duration.ofNanos(left));
      }
    }
  }

  /// Where a transaction is in the node's chain above the final block.
  public Optional<TransactionFate> included(Cid transaction) throws InterruptedException {
    return ask(new Question.Included(transaction))
        .flatMap(
            a ->
                a instanceof Answer.Included(Optional<Block> block)
                    ? block.map(b -> new TransactionFate.Included(b.id(), b.height()))
                    : Optional.empty());
  }

  /// Waits for the fate of a transaction that is pending; empty when nothing was decided in time.
  public Optional<TransactionFate> await(Cid transaction, Duration timeout)
      throws InterruptedException {
    Optional<FinalityWatch.Claim> claimed = watch.claim(transaction);
    if (claimed.isEmpty()) {
      return Optional.empty();
    }
    try (var claim = claimed.get()) {
      return claim.await(timeout);
    }
  }

  /// @return empty when the node is too busy to say
  public Optional<Answer> ask(Question question) throws InterruptedException {
    try (var ticket = questions.open()) {
      driver.submit(new PeerInput.Query(ticket.number(), question));
      return ticket.await(ANSWER_MAX);
    }
  }

  /// Lets the engine use the validator's key, or forbids it.
  void voting(boolean allowed) {
    driver.submit(new PeerInput.Voting(allowed));
  }

  /// The streams straight to other validators.
  VoteStreams voteStreams() {
    return network.votes();
  }

  private Optional<Block> openBlock(Cid id) {
    try {
      return ask(new Question.OpenBlock(id))
          .flatMap(
              a -> a instanceof Answer.OpenBlock(Optional<Block> block) ? block : Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  public long penalties() {
    return penalties.sum();
  }

  public long finalizedBlocks() {
    return finalizedBlocks.sum();
  }

  public long finalizedTransactions() {
    return finalizedTransactions.sum();
  }

  /// Nonces tried by this node's miner.
  public long hashes() {
    return miner.map(Miner::hashes).orElse(0L);
  }

  public long droppedInputs() {
    return driver.dropped();
  }

  /// Validators that this one has a stream to.
  public int validatorStreams() {
    return network.votes().open();
  }

  /// Votes and certificates sent straight to validators.
  public long votesSent() {
    return network.votes().sent();
  }

  /// Votes and certificates that came straight from validators.
  public long votesReceived() {
    return network.votes().received();
  }

  public int queuedInputs() {
    return driver.queued();
  }

  private void perform(List<PeerEffect> effects) {
    for (PeerEffect effect : effects) {
      if (unsynced && leaves(effect)) {
        votes.sync();
        unsynced = false;
      }
      perform(effect);
    }
    if (unsynced) {
      votes.sync();
      unsynced = false;
    }
  }

  /// Whether somebody else sees the effect, so that what came before it has to be on the disk.
  private static boolean leaves(PeerEffect effect) {
    return !(effect instanceof PeerEffect.PersistVote
        || effect instanceof PeerEffect.HeadMoved
        || effect instanceof PeerEffect.Mine
        || effect instanceof PeerEffect.StopMining);
  }

  private void perform(PeerEffect effect) {
    switch (effect) {
      case PeerEffect.PersistVote e -> {
        votes.append(e.vote());
        unsynced = true;
      }
      case PeerEffect.PruneVotes e -> votes.prune(e.epoch(), e.slot());
      case PeerEffect.GossipTransactions e -> network.gossip(e);
      case PeerEffect.GossipBlock e -> network.gossip(e);
      case PeerEffect.GossipVote e -> network.gossip(e);
      case PeerEffect.Report e -> network.report(e);
      case PeerEffect.Submitted e -> submissions.answer(e.ticket(), e.result());
      case PeerEffect.Answered e -> questions.answer(e.ticket(), e.answer());
      case PeerEffect.Finalized e -> finalized(e);
      case PeerEffect.HeadMoved _ -> watch.headMoved();
      case PeerEffect.Mine e -> miner.ifPresent(m -> m.mine(e.work(), e.puzzle()));
      case PeerEffect.StopMining _ -> miner.ifPresent(Miner::stop);
      case PeerEffect.Dropped e -> watch.dropped(e.transaction(), e.reason());
      case PeerEffect.RequestStatus e -> network.requestStatus(e.peer());
      case PeerEffect.RequestBlocks e -> network.requestBlocks(e);
      case PeerEffect.Misbehaviour e ->
          LOG.log(Level.WARNING, "validator " + e.offender() + " broke the rules of consensus");
      case PeerEffect.Penalize e -> {
        penalties.increment();
        network.penalize(e.peer(), e.reason());
      }
      case PeerEffect.Disconnect e -> network.disconnect(e.peer(), e.reason());
    }
  }

  private void finalized(PeerEffect.Finalized effect) {
    finalizedBlocks.increment();
    finalizedTransactions.add(effect.block().body().transactions().size());
    watch.finalized(effect.block());
  }

  @Override
  public void close() {
    miner.ifPresent(Miner::close);
    network.close();
    driver.close();
  }
}
