package dev.cairn.simulator;

import dev.cairn.core.Hash;
import dev.cairn.core.Verdict;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.consensus.simplex.SimplexEngine;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.SimplexTiming;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.peer.ChainView;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.core.peer.PeerMachine;
import dev.cairn.core.peer.PeerParams;
import dev.cairn.core.peer.TransactionsMessage;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.BlocksRequest;
import dev.cairn.core.sync.RangeServer;
import dev.cairn.core.sync.Status;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// One simulated node: a [PeerMachine] with its disk, and the shell that on a real node is made of
/// drivers and sockets. Everything that it hears and sends is in the encodings of the real network.
///
/// Owner: the [Simulation].
final class SimPeer {

  /// What a node remembers of gossip is forgotten in a crash; nothing else bounds it here, since a
  /// simulation is short.
  private record Heard(Packet.Topic topic, int from, Bytes data) {}

  private final int index;
  private final ChainSpec spec;
  private final @Nullable Ed25519Key validatorKey;
  private final Simulation simulation;
  private final MemoryChainStore store = new MemoryChainStore();
  private final VolatileVoteLog votes = new VolatileVoteLog();
  private final RangeServer server = new RangeServer(store);
  private final Map<Long, Heard> awaited = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final List<String> penalties = new ArrayList<>();
  private @Nullable PeerMachine machine;
  private @Nullable PeerIntake intake;
  private long tokens;
  private long wakeNanos = Long.MAX_VALUE;
  private int life;
  private int effectsUntilCrash = Integer.MAX_VALUE;

  SimPeer(int index, ChainSpec spec, @Nullable Ed25519Key validatorKey, Simulation simulation) {
    this.index = index;
    this.spec = spec;
    this.validatorKey = validatorKey;
    this.simulation = simulation;
  }

  static String name(int index) {
    return "n" + index;
  }

  private static int indexOf(String name) {
    return Integer.parseInt(name.substring(1));
  }

  boolean up() {
    return machine != null;
  }

  ChainView view() {
    if (machine == null) {
      throw new IllegalStateException(name(index) + " is down");
    }
    return machine.view();
  }

  MemoryChainStore store() {
    return store;
  }

  /// Penalties that this node gave, as "peer: reason".
  List<String> penalties() {
    return List.copyOf(penalties);
  }

  /// Starts from what the disk holds.
  void start() {
    VerifiedSignatures signatures = new VerifiedSignatures();
    Ledger ledger = new Ledger(spec, store, LedgerParams.defaults(), signatures);
    SimplexRules rules = SimplexRules.of(spec, store);
    Engine engine =
        validatorKey == null
            ? SimplexEngine.observer(rules, SimplexTiming.STANDARD)
            : SimplexEngine.validator(rules, SimplexTiming.STANDARD, Signer.of(validatorKey));
    PeerMachine started =
        new PeerMachine(ledger, engine, new CertificateVerifier(rules), PeerParams.standard());
    machine = started;
    intake = new PeerIntake(signatures, spec, () -> started.view().height() + 1);
    take(new PeerInput.Started(votes.load()));
  }

  /// Loses everything but what was synced.
  void crash() {
    machine = null;
    intake = null;
    life++;
    wakeNanos = Long.MAX_VALUE;
    effectsUntilCrash = Integer.MAX_VALUE;
    awaited.clear();
    seen.clear();
    votes.crash();
  }

  /// Crashes between two effects, so many from now.
  void crashAfterEffects(int count) {
    effectsUntilCrash = count;
  }

  /// Steps the machine, lets it do what is due and performs what it asks for.
  void take(PeerInput input) {
    PeerMachine running = machine;
    if (running == null) {
      return;
    }
    Now now = simulation.now();
    List<PeerEffect> effects = new ArrayList<>();
    running.step(input, now, effects::add);
    settle(running, now, effects);
  }

  private void wake(int wokenLife) {
    PeerMachine running = machine;
    if (running != null && wokenLife == life) {
      wakeNanos = Long.MAX_VALUE;
      settle(running, simulation.now(), new ArrayList<>());
    }
  }

  private void settle(PeerMachine running, Now now, List<PeerEffect> effects) {
    if (running.deadlineNanos() <= now.nanos()) {
      running.tick(now, effects::add);
    }
    perform(effects);
    if (machine != null && running.deadlineNanos() < wakeNanos) {
      wakeNanos = running.deadlineNanos();
      int wokenLife = life;
      simulation.at(wakeNanos, () -> wake(wokenLife));
    }
  }

  private void perform(List<PeerEffect> effects) {
    boolean unsynced = false;
    for (PeerEffect effect : effects) {
      if (--effectsUntilCrash < 0) {
        simulation.crashed(index);
        return;
      }
      simulation.trace(index, describe(effect));
      if (effect instanceof PeerEffect.PersistVote(var vote)) {
        votes.append(vote);
        unsynced = true;
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
    switch (effect) {
      case PeerEffect.PersistVote _ -> {}
      case PeerEffect.PruneVotes(long epoch, long slot) -> votes.prune(epoch, slot);
      case PeerEffect.GossipTransactions(List<Transaction> list, boolean again) ->
          publish(Packet.Topic.TX, Bytes.wrap(TransactionsMessage.encode(list)), again);
      case PeerEffect.GossipBlock(BlockMessage message, boolean again) ->
          publish(Packet.Topic.BLOCK, Bytes.wrap(message.encode()), again);
      case PeerEffect.GossipVote(var message, boolean again) ->
          publish(Packet.Topic.VOTE, message, again);
      case PeerEffect.Report(long token, Verdict verdict) -> report(token, verdict);
      case PeerEffect.RequestStatus(String peer) ->
          simulation.send(
              index,
              indexOf(peer),
              new Packet.StatusSent(Bytes.wrap(view().status().encode()), true));
      case PeerEffect.RequestBlocks(long id, String peer, BlocksRequest request) ->
          simulation.send(
              index, indexOf(peer), new Packet.BlocksAsked(id, Bytes.wrap(request.encode())));
      case PeerEffect.Finalized(var block, var certificate) -> simulation.finalized(index, block);
      case PeerEffect.Penalize(String peer, String reason) -> penalties.add(peer + ": " + reason);
      case PeerEffect.Disconnect(String peer, String reason) ->
          penalties.add(peer + ": parted: " + reason);
      case PeerEffect.Submitted _,
          PeerEffect.Answered _,
          PeerEffect.Dropped _,
          PeerEffect.Misbehaviour _ -> {}
    }
  }

  private static String describe(PeerEffect effect) {
    return switch (effect) {
      case PeerEffect.PersistVote(var vote) ->
          "persist " + vote.kind() + " " + vote.epoch() + "/" + vote.slot();
      case PeerEffect.GossipTransactions(List<Transaction> list, boolean again) ->
          "gossip " + list.size() + " transactions from " + list.getFirst().id() + " " + again;
      case PeerEffect.GossipBlock(BlockMessage message, boolean again) ->
          "gossip " + message.block() + " " + again;
      case PeerEffect.Finalized(var block, var certificate) -> "final " + block;
      default -> effect.toString();
    };
  }

  private void publish(Packet.Topic topic, Bytes data, boolean again) {
    if (seen.add(id(topic, data)) || again) {
      simulation.spread(index, index, new Packet.Gossip(topic, data));
    }
  }

  private static String id(Packet.Topic topic, Bytes data) {
    return topic + Hash.sha256(data.toArrayUnsafe()).toString();
  }

  private void report(long token, Verdict verdict) {
    Heard heard = awaited.remove(token);
    if (heard == null) {
      throw new IllegalStateException("a second verdict on message " + token);
    }
    if (verdict.accepted()) {
      simulation.spread(index, heard.from(), new Packet.Gossip(heard.topic(), heard.data()));
    }
  }

  /// Messages that still wait for their verdict.
  int awaited() {
    return awaited.size();
  }

  void receive(int from, Packet packet) {
    PeerIntake open = intake;
    if (open == null) {
      return;
    }
    switch (packet) {
      case Packet.Gossip(Packet.Topic topic, Bytes data) -> heard(from, topic, data, open);
      case Packet.StatusSent(Bytes status, boolean asks) -> {
        if (asks) {
          simulation.send(
              index, from, new Packet.StatusSent(Bytes.wrap(view().status().encode()), false));
        }
        take(new PeerInput.PeerStatus(name(from), Status.decode(status.toArrayUnsafe())));
      }
      case Packet.BlocksAsked(long id, Bytes request) -> {
        BlocksRequest decoded = BlocksRequest.decode(request.toArrayUnsafe());
        List<Bytes> answer = server.answer(decoded).stream().map(Bytes::wrap).toList();
        simulation.send(index, from, new Packet.BlocksSent(id, answer));
      }
      case Packet.BlocksSent(long id, List<Bytes> messages) -> {
        try {
          List<BlockMessage> blocks =
              messages.stream().map(m -> BlockMessage.decode(m.toArrayUnsafe())).toList();
          take(new PeerInput.SyncAnswer(id, name(from), blocks));
        } catch (MalformedException e) {
          take(new PeerInput.SyncFailed(id, name(from), String.valueOf(e.getMessage()), true));
        }
      }
    }
  }

  private void heard(int from, Packet.Topic topic, Bytes data, PeerIntake open) {
    if (!seen.add(id(topic, data))) {
      return;
    }
    long token = tokens++;
    PeerInput input;
    try {
      input =
          switch (topic) {
            case TX -> open.transactions(token, name(from), data.toArrayUnsafe());
            case BLOCK -> open.block(token, name(from), data.toArrayUnsafe());
            case VOTE -> new PeerInput.GossipedVote(token, name(from), data);
          };
    } catch (MalformedException e) {
      penalties.add(name(from) + ": " + e.getMessage());
      return;
    }
    awaited.put(token, new Heard(topic, from, data));
    take(input);
  }

  Optional<String> fault() {
    return awaited.isEmpty()
        ? Optional.empty()
        : Optional.of(name(index) + " owes " + awaited.size() + " verdicts");
  }
}
