package dev.cairn.simulator;

import dev.cairn.core.Verdict;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.ChainView;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.core.peer.PeerMachine;
import dev.cairn.core.peer.Question;
import dev.cairn.core.peer.TransactionsMessage;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.libp2p.gossipsub.GossipInput;
import dev.cairn.libp2p.gossipsub.Message;
import dev.cairn.libp2p.gossipsub.MessageId;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.simulator.SimGossip.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// One simulated node: the peer machine and the gossip machine of a real one, its disk, and the
/// shell that on a real node is made of drivers and sockets.
///
/// Owner: the [World].
final class SimNode implements SimGossip.Node {

  private final World world;
  private final int index;
  private final SimStore store;
  private final VolatileVoteLog votes;
  private final Streams streams;
  private final VirtualMiner miner;
  private final Map<Long, Consumer<Answer>> questions = new HashMap<>();
  private @Nullable Liar liar;
  private @Nullable PeerMachine machine;
  private @Nullable Engine engine;
  private @Nullable PeerIntake intake;
  private @Nullable SimGossip gossip;
  private long tickets;
  private long wakeNanos = Long.MAX_VALUE;
  private long skewMillis;
  private int life;
  private final CrashPlan plan = new CrashPlan();
  private long toldFinal;

  /// Who sent the message that is being judged.
  private int judgedFrom;

  SimNode(World world, int index, boolean durableVotes) {
    this.world = world;
    this.index = index;
    this.store = new SimStore(this::committed);
    this.votes = new VolatileVoteLog(durableVotes);
    this.streams = new Streams(world, index, this);
    this.miner =
        new VirtualMiner(world, world.random().split(), world.side().hashesPerSecond(index));
  }

  static String name(int index) {
    return "n" + index;
  }

  static int indexOf(String name) {
    return Integer.parseInt(name.substring(1));
  }

  int index() {
    return index;
  }

  /// Makes it dishonest, for good.
  void liar(Liar dishonest) {
    liar = dishonest;
  }

  @Nullable Liar liar() {
    return liar;
  }

  boolean honest() {
    return liar == null;
  }

  boolean up() {
    return machine != null;
  }

  SimStore store() {
    return store;
  }

  ChainView view() {
    return running().view();
  }

  private PeerMachine running() {
    if (machine == null) {
      throw new IllegalStateException(name(index) + " is down");
    }
    return machine;
  }

  /// The height of its newest final block, on disk.
  long finalHeight() {
    return store.head().map(FinalHead::height).orElse(0L);
  }

  Now now() {
    long nanos = world.schedule().nanos();
    return new Now(nanos, Schedule.WALL_MILLIS_START + nanos / 1_000_000 + skewMillis);
  }

  /// Its wall clock is wrong by so much; 0 for right.
  void skew(long millis) {
    skewMillis = millis;
  }

  /// Starts from what the disk holds.
  void start() {
    Side side = world.side();
    Ledger ledger =
        new Ledger(side.spec(), store, LedgerParams.of(side.spec()), world.transactionSignatures());
    if (finalHeight() < toldFinal) {
      throw new Violation(
          Violation.Kind.LOST,
          name(index) + " starts at " + finalHeight() + " and had told of " + toldFinal);
    }
    Engine made = side.engine(index, store);
    PeerMachine started = new PeerMachine(ledger, made, side.seals(store), Waits.PEER);
    engine = made;
    machine = started;
    intake =
        new PeerIntake(
            world.transactionSignatures(), side.spec(), () -> started.view().height() + 1);
    gossip = new SimGossip(world, index, this, world.random().split());
    wakeGossip(life);
    take(new PeerInput.Started(votes.load()));
  }

  /// Loses everything but what was synced.
  void crash() {
    machine = null;
    intake = null;
    if (gossip != null) {
      gossip.close();
    }
    gossip = null;
    life++;
    wakeNanos = Long.MAX_VALUE;
    calm();
    questions.clear();
    miner.stop();
    int lost = votes.crash(world.random());
    for (int i = 0; i < lost; i++) {
      world.faults().add(Fault.LOST_WRITES);
    }
  }

  /// Calls off a crash that was planned.
  void calm() {
    plan.cancel();
    store.cutNext(SimStore.Cut.NONE);
  }

  /// When it crashes next, if that is planned.
  CrashPlan plan() {
    return plan;
  }

  /// Crashes around the next block that it makes final.
  void crashAtCommit(SimStore.Cut when) {
    store.cutNext(when);
  }

  int life() {
    return life;
  }

  /// Steps the machine, lets it do what is due and performs what it asks for.
  void take(PeerInput input) {
    if (machine != null) {
      run(input);
    }
  }

  private void wake(int wokenLife) {
    if (machine != null && wokenLife == life) {
      wakeNanos = Long.MAX_VALUE;
      run(null);
    }
  }

  private void run(@Nullable PeerInput input) {
    PeerMachine stepped = running();
    Now now = now();
    List<PeerEffect> effects = new ArrayList<>();
    try {
      if (input != null) {
        stepped.step(input, now, effects::add);
      }
      if (stepped.deadlineNanos() <= now.nanos()) {
        stepped.tick(now, effects::add);
      }
    } catch (SimStore.PowerCut e) {
      world.crashed(this, Fault.CRASH_IN_COMMIT);
      return;
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException e) {
      throw new Violation(Violation.Kind.BROKEN, name(index) + " broke: " + e, e);
    }
    world.referee().bounded(this, engine, stepped.view());
    perform(effects);
    if (machine == stepped && stepped.deadlineNanos() < wakeNanos) {
      wakeNanos = stepped.deadlineNanos();
      int wokenLife = life;
      world.schedule().at(wakeNanos, () -> wake(wokenLife));
    }
  }

  private void perform(List<PeerEffect> effects) {
    boolean unsynced = false;
    for (PeerEffect effect : effects) {
      if (plan.dueBeforeEffect()) {
        world.crashed(this, Fault.CRASH_IN_EFFECTS);
        return;
      }
      world.traced(index, effect);
      if (effect instanceof PeerEffect.PersistVote(var vote)) {
        votes.append(vote);
        unsynced = true;
        if (plan.dueAfterPersist()) {
          world.crashed(this, Fault.CRASH_IN_EFFECTS);
          return;
        }
        continue;
      }
      if (unsynced) {
        votes.sync();
        unsynced = false;
      }
      perform(effect);
    }
    if (unsynced) {
      votes.sync();
    }
  }

  private void perform(PeerEffect effect) {
    SimGossip topics = gossip;
    if (topics == null) {
      return;
    }
    switch (effect) {
      case PeerEffect.PersistVote _ -> {}
      case PeerEffect.PruneVotes(long epoch, long slot) -> votes.prune(epoch, slot);
      case PeerEffect.GossipTransactions(List<Transaction> list, boolean again) ->
          publish(Topic.TX, Bytes.wrap(TransactionsMessage.encode(list)), again);
      case PeerEffect.GossipBlock(var message, boolean again) ->
          publish(Topic.BLOCK, Bytes.wrap(message.encode()), again);
      case PeerEffect.GossipVote(var message, boolean again) -> publish(Topic.VOTE, message, again);
      case PeerEffect.Report(long token, Verdict verdict) -> {
        if (verdict instanceof Verdict.Reject(String reason)) {
          world.referee().rejected(this, judgedFrom, reason);
        }
        topics.decided(token, verdict);
      }
      case PeerEffect.RequestStatus(String peer) -> streams.requestStatus(indexOf(peer));
      case PeerEffect.RequestBlocks e -> streams.requestBlocks(e);
      case PeerEffect.Finalized(var block, var _) -> toldFinal = block.height();
      case PeerEffect.Disconnect(String peer, String reason) -> {
        world.referee().parted(this, indexOf(peer), reason);
        world.part(index, indexOf(peer));
      }
      case PeerEffect.Misbehaviour(Bytes offender, Bytes evidence) -> {
        world.referee().accused(this, offender);
        world.accuse(this, offender, evidence);
      }
      case PeerEffect.Answered(long ticket, Answer answer) -> {
        Consumer<Answer> waiting = questions.remove(ticket);
        if (waiting != null) {
          waiting.accept(answer);
        }
      }
      case PeerEffect.Submitted _,
          PeerEffect.Dropped _,
          PeerEffect.Penalize _,
          PeerEffect.HeadMoved _ -> {}
      case PeerEffect.Mine(long work, var puzzle) ->
          miner.mine(puzzle, nonce -> take(new PeerInput.Mined(work, nonce)));
      case PeerEffect.StopMining() -> miner.stop();
    }
  }

  private void committed(Commit commit) {
    world.referee().committed(this, commit);
  }

  private void publish(Topic topic, Bytes data, boolean again) {
    if (liar != null && liar.publishes(topic, data)) {
      return;
    }
    if (gossip != null) {
      gossip.publish(topic, data, again);
    }
  }

  /// Asks the machine; the answer comes within the same step.
  void ask(Question question, Consumer<Answer> answered) {
    questions.put(tickets, answered);
    take(new PeerInput.Query(tickets++, question));
  }

  void joined(int peer, boolean outbound) {
    if (gossip != null) {
      gossip.joined(peer, outbound);
      take(new PeerInput.PeerJoined(name(peer)));
    }
  }

  void gone(int peer) {
    if (gossip != null) {
      gossip.gone(peer);
      take(new PeerInput.PeerGone(name(peer)));
    }
  }

  void gossiped(int from, Message message, MessageId id) {
    if (gossip != null) {
      gossip.received(from, message, id);
    }
  }

  void gossiped(GossipInput input) {
    if (gossip != null) {
      gossip.take(input);
    }
  }

  private void wakeGossip(int wokenLife) {
    SimGossip topics = gossip;
    if (topics == null || wokenLife != life) {
      return;
    }
    if (topics.deadlineNanos() <= world.schedule().nanos()) {
      topics.tick();
    }
    world.schedule().at(topics.deadlineNanos(), () -> wakeGossip(wokenLife));
  }

  @Override
  public void delivered(long token, int from, Topic topic, Bytes data) {
    PeerIntake open = intake;
    SimGossip topics = gossip;
    if (open == null || topics == null) {
      return;
    }
    if (liar != null) {
      liar.hears(topic, data);
    }
    judgedFrom = from;
    try {
      take(
          switch (topic) {
            case TX -> open.transactions(token, name(from), data.toArrayUnsafe());
            case BLOCK -> open.block(token, name(from), data.toArrayUnsafe());
            case VOTE -> new PeerInput.GossipedVote(token, name(from), data);
          });
    } catch (MalformedException e) {
      topics.decided(token, Verdict.reject(String.valueOf(e.getMessage())));
      world.referee().rejected(this, from, String.valueOf(e.getMessage()));
    }
    if (topics == gossip && topics.undecided() > 0) {
      throw new Violation(Violation.Kind.BROKEN, name(index) + " owes a verdict");
    }
  }

  @Override
  public void parts(int peer, String reason) {
    world.referee().parted(this, peer, reason);
    world.part(index, peer);
  }
}
