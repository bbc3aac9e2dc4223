package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.block.Block;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.peer.Question;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.crypto.Sha256;
import dev.cairn.libp2p.gossipsub.Message;
import dev.cairn.libp2p.gossipsub.MessageId;
import dev.cairn.libp2p.gossipsub.MessageIds;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multihash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// All nodes of one simulation with their network, under one virtual time. The same seed and the
/// same calls give the same trace, event by event.
///
/// Owner: the thread that made it.
final class World {

  private static final long REDIAL_NANOS_MIN = 50_000_000;
  private static final long REDIAL_NANOS_MAX = 300_000_000;

  /// Half of what the chain allows, so that clocks may be wrong by an hour.
  private static final long VALID_MILLIS = 12 * 3_600_000L;

  private static final long FEE = 10_000;

  /// Transactions that differ, each worth forgetting when its seed ends.
  private static final int TRANSACTIONS_REMEMBERED = 8_192;

  /// Who wants to know when blocks are proposed and final.
  interface Watch {
    void proposed(int node, Block block);

    void finalized(int node, Block block);
  }

  private final SimRandom random;
  private final Schedule schedule = new Schedule();
  private final Trace trace = new Trace();
  private final FaultCounts faults = new FaultCounts();
  private final VirtualNetwork network;
  private final VerifiedSignatures signatures = new VerifiedSignatures(TRANSACTIONS_REMEMBERED);
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<PeerId> peerIds = new ArrayList<>();
  private final Map<PeerId, Integer> indices = new HashMap<>();
  private final boolean[][] connected;
  private final boolean[][] dialling;
  private final Side side;
  private final Referee referee;
  private @Nullable Watch watch;
  private boolean punishing;

  /// @param size nodes, each with a place in the side's list of keys or a follower
  World(SimRandom random, int size, Side side, VirtualNetwork.Distances distances, Break broken) {
    this.random = random;
    this.side = side;
    this.network = new VirtualNetwork(size, schedule, random.split(), faults, distances);
    this.connected = new boolean[size][size];
    this.dialling = new boolean[size][size];
    this.referee = new Referee(this, broken != Break.NONE);
    for (int i = 0; i < size; i++) {
      nodes.add(new SimNode(this, i, broken != Break.PERSISTENCE));
      byte[] digest = Sha256.digest(SimNode.name(i).getBytes(StandardCharsets.UTF_8));
      peerIds.add(PeerId.decode(Multihash.of(Multihash.SHA2_256, digest).encode()));
      indices.put(peerIds.get(i), i);
    }
  }

  Schedule schedule() {
    return schedule;
  }

  SimRandom random() {
    return random;
  }

  Side side() {
    return side;
  }

  FaultCounts faults() {
    return faults;
  }

  Referee referee() {
    return referee;
  }

  VirtualNetwork network() {
    return network;
  }

  Trace trace() {
    return trace;
  }

  VerifiedSignatures transactionSignatures() {
    return signatures;
  }

  List<SimNode> nodes() {
    return nodes;
  }

  PeerId peerId(int index) {
    return peerIds.get(index);
  }

  int index(PeerId id) {
    Integer index = indices.get(id);
    if (index == null) {
      throw new IllegalArgumentException("nobody is " + id);
    }
    return index;
  }

  /// Lets things happen until it is so, or the time is over; true when it is so.
  boolean runUntil(BooleanSupplier reached, long nanos) {
    long end = schedule.nanos() + nanos;
    while (!reached.getAsBoolean()) {
      if (!schedule.step(end)) {
        return reached.getAsBoolean();
      }
    }
    return true;
  }

  void run(long nanos) {
    runUntil(() -> false, nanos);
  }

  /// Starts a node that is down; it connects to all that are up.
  void start(SimNode node) {
    if (node.up()) {
      return;
    }
    trace.line(schedule.nanos(), node.index(), "start");
    node.start();
    for (SimNode other : nodes) {
      if (other != node) {
        dial(node.index(), other.index());
      }
    }
  }

  private void dial(int a, int b) {
    int from = Math.min(a, b);
    int to = Math.max(a, b);
    if (dialling[from][to]) {
      return;
    }
    dialling[from][to] = true;
    schedule.after(
        random.nextLong(REDIAL_NANOS_MIN, REDIAL_NANOS_MAX),
        () -> {
          dialling[from][to] = false;
          connect(from, to);
        });
  }

  private void connect(int a, int b) {
    SimNode from = nodes.get(a);
    SimNode to = nodes.get(b);
    if (!from.up() || !to.up() || connected[a][b]) {
      return;
    }
    if (!network.joined(a, b)) {
      dial(a, b);
      return;
    }
    connected[a][b] = true;
    connected[b][a] = true;
    network.newSession(a, b);
    from.joined(b, true);
    to.joined(a, false);
  }

  /// Ends the connection of two nodes; they connect again after a while.
  void part(int a, int b) {
    if (!connected[a][b]) {
      return;
    }
    connected[a][b] = false;
    connected[b][a] = false;
    network.newSession(a, b);
    schedule.after(0, () -> nodes.get(a).gone(b));
    schedule.after(0, () -> nodes.get(b).gone(a));
    dial(a, b);
  }

  /// Takes a node down; the others notice.
  void crashed(SimNode node, Fault how) {
    if (!node.up()) {
      return;
    }
    faults.add(how);
    trace.line(schedule.nanos(), node.index(), how.key());
    node.crash();
    int index = node.index();
    for (SimNode other : nodes) {
      int peer = other.index();
      if (connected[index][peer]) {
        connected[index][peer] = false;
        connected[peer][index] = false;
        network.newSession(index, peer);
        schedule.after(random.nextLong(50_000_000L), () -> noticed(other, index));
      }
    }
  }

  /// A node that has come back meanwhile is not gone.
  private void noticed(SimNode other, int gone) {
    if (!connected[other.index()][gone]) {
      other.gone(gone);
    }
  }

  /// Carries a message of gossip, which may be lost.
  void gossip(int from, int to, Message message, MessageId id) {
    if (connected[from][to]) {
      network.message(from, to, () -> nodes.get(to).gossiped(from, message, id));
    }
  }

  /// A liar sends a message of its own making, past its gossip.
  void inject(int from, int to, SimGossip.Topic topic, Bytes data) {
    Message message = SimGossip.message(topic, data);
    gossip(from, to, message, MessageIds.CONTENT.of(message));
  }

  /// Carries something over a stream, unless the connection ends before.
  void stream(int from, int to, Consumer<SimNode> arrival) {
    stream(from, to, arrival, () -> {});
  }

  void stream(int from, int to, Consumer<SimNode> arrival, Runnable lost) {
    if (!connected[from][to]) {
      schedule.after(0, lost);
      return;
    }
    network.stream(
        from,
        to,
        () -> {
          SimNode node = nodes.get(to);
          if (node.up()) {
            arrival.accept(node);
          } else {
            lost.run();
          }
        },
        lost);
  }

  /// Gives a node a transaction with the nonce that it would give a user.
  void submit(SimNode node, Ed25519Key from, Payload payload) {
    if (!node.up()) {
      return;
    }
    Address sender = Address.of(from.publicKey());
    node.ask(
        new Question.NextNonce(sender),
        answer -> {
          if (answer instanceof Answer.Nonce(long next, int _)) {
            long validUntil = node.now().wallMillis() + VALID_MILLIS;
            Transaction transaction =
                Transaction.sign(side.spec().domainAt(1), from, next, FEE, validUntil, payload);
            schedule.after(0, () -> node.take(new PeerInput.Submit(0, transaction)));
          }
        });
  }

  /// From now on whoever is caught is accused in a transaction, and punished by the ledger.
  void punish() {
    punishing = true;
  }

  void accuse(SimNode by, Bytes offender, Bytes evidence) {
    if (punishing) {
      Ed25519Key accuser = side.accounts().getFirst();
      schedule.after(0, () -> submit(by, accuser, new Accusation(offender, evidence)));
    }
  }

  void watch(Watch watcher) {
    watch = watcher;
  }

  void traced(int node, PeerEffect effect) {
    if (watch != null && effect instanceof PeerEffect.GossipBlock(var message, boolean _)) {
      watch.proposed(node, message.block());
    }
    if (watch != null && effect instanceof PeerEffect.Finalized(Block block, var _)) {
      watch.finalized(node, block);
    }
    trace.line(schedule.nanos(), node, effect, content(effect));
  }

  private static byte[] content(PeerEffect effect) {
    return switch (effect) {
      case PeerEffect.PersistVote(var vote) -> vote.content().toArrayUnsafe();
      case PeerEffect.GossipTransactions(List<Transaction> list, boolean _) ->
          list.getFirst().id().encode();
      case PeerEffect.GossipBlock(var message, boolean _) -> message.block().id().encode();
      case PeerEffect.GossipVote(var message, boolean _) -> message.toArrayUnsafe();
      case PeerEffect.Finalized(var block, var _) -> block.id().encode();
      case PeerEffect.Report(long token, var verdict) ->
          new byte[] {(byte) token, (byte) (token >>> 8), (byte) (verdict.accepted() ? 1 : 0)};
      default -> effect.toString().getBytes(StandardCharsets.UTF_8);
    };
  }
}
