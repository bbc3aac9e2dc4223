package dev.cairn.core.peer;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.consensus.simplex.SimplexEngine;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.consensus.simplex.ValidatorSets;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.ledger.View;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.BlockRequest;
import dev.cairn.core.sync.RangeServer;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// One peer of a [StakeSim], with its disk.
final class StakeNode {

  final int index;
  final List<PeerEffect.Misbehaviour> caught = new ArrayList<>();
  final List<String> penalties = new ArrayList<>();
  int votes;
  private final StakeSim sim;
  private final @Nullable Ed25519Key key;
  private final MemoryChainStore store = new MemoryChainStore();
  private final List<VoteRecord> log = new ArrayList<>();
  private Ledger ledger;
  private PeerMachine machine;
  private PeerIntake intake;
  private long wakeNanos = Long.MAX_VALUE;
  private long tokens;
  private int life;

  StakeNode(StakeSim sim, int index, int validator) {
    this.sim = sim;
    this.index = index;
    this.key = validator == 0 ? null : StakeSim.validator(validator);
    VerifiedSignatures signatures = new VerifiedSignatures();
    this.ledger = new Ledger(sim.spec, store, LedgerParams.defaults(), signatures);
    this.machine = machine(ledger);
    this.intake = new PeerIntake(signatures, sim.spec, () -> machine.view().height() + 1);
  }

  private PeerMachine machine(Ledger on) {
    SimplexRules rules = SimplexRules.of(sim.spec, store);
    SimplexEngine engine =
        key == null
            ? SimplexEngine.observer(rules, StakeSim.TIMING)
            : SimplexEngine.validator(rules, StakeSim.TIMING, Signer.of(key));
    CertificateVerifier seals = new CertificateVerifier(rules);
    PeerParams params = PeerParams.standard();
    return key == null
        ? new PeerMachine(on, engine, seals, params)
        : new PeerMachine(on, engine, seals, params, key);
  }

  String name() {
    return "n" + index;
  }

  long height() {
    return machine.view().finalizedHeight();
  }

  View state() {
    return ledger.finalState();
  }

  /// The validators of an epoch, even of one that the state has forgotten.
  ValidatorSet set(long epoch) {
    return ValidatorSets.find(sim.spec, store, epoch).orElseThrow();
  }

  /// The final blocks above the genesis.
  List<Block> chain() {
    List<Block> blocks = new ArrayList<>();
    for (long height = 1; height <= height(); height++) {
      blocks.add(store.blockAt(height).flatMap(store::block).orElseThrow().decode());
    }
    return blocks;
  }

  void start() {
    take(new PeerInput.Started(List.copyOf(log)));
  }

  /// Loses its memory and starts again from its disk.
  void restart() {
    life++;
    wakeNanos = Long.MAX_VALUE;
    VerifiedSignatures signatures = new VerifiedSignatures();
    ledger = new Ledger(sim.spec, store, LedgerParams.defaults(), signatures);
    machine = machine(ledger);
    intake = new PeerIntake(signatures, sim.spec, () -> machine.view().height() + 1);
    start();
    for (StakeNode other : sim.nodes) {
      if (other != this) {
        other.take(new PeerInput.PeerGone(name()));
        other.take(new PeerInput.PeerJoined(name()));
        take(new PeerInput.PeerJoined(other.name()));
      }
    }
  }

  void take(PeerInput input) {
    List<PeerEffect> effects = new ArrayList<>();
    machine.step(input, sim.now(), effects::add);
    settle(effects);
  }

  private void wake(int wokenLife) {
    if (wokenLife == life) {
      wakeNanos = Long.MAX_VALUE;
      settle(new ArrayList<>());
    }
  }

  private void settle(List<PeerEffect> effects) {
    if (machine.deadlineNanos() <= sim.now().nanos()) {
      machine.tick(sim.now(), effects::add);
    }
    effects.forEach(this::perform);
    if (machine.deadlineNanos() < wakeNanos) {
      wakeNanos = machine.deadlineNanos();
      int wokenLife = life;
      sim.at(wakeNanos, () -> wake(wokenLife));
    }
  }

  private void perform(PeerEffect effect) {
    switch (effect) {
      case PeerEffect.PersistVote(VoteRecord vote) -> {
        log.add(vote);
        votes++;
      }
      case PeerEffect.PruneVotes(long epoch, long slot) -> {
        log.removeIf(r -> r.atOrBelow(epoch, slot));
        log.addFirst(VoteRecord.floor(epoch, slot));
      }
      case PeerEffect.GossipTransactions(var list, boolean _) -> {
        byte[] message = TransactionsMessage.encode(list);
        spread(node -> node.intake.transactions(node.tokens++, name(), message));
      }
      case PeerEffect.GossipBlock(BlockMessage message, boolean _) ->
          spread(node -> node.intake.block(node.tokens++, name(), message.encode()));
      case PeerEffect.GossipVote(Bytes message, boolean _) ->
          spread(node -> new PeerInput.GossipedVote(node.tokens++, name(), message));
      case PeerEffect.RequestStatus(String peer) ->
          sim.send(
              () -> {
                var status = sim.named(peer).machine.view().status();
                sim.send(() -> take(new PeerInput.PeerStatus(peer, status)));
              });
      case PeerEffect.RequestBlocks request ->
          sim.send(() -> sim.named(request.peer()).serve(this, request));
      case PeerEffect.Finalized(Block block, Bytes _) -> sim.finalized(this, block);
      case PeerEffect.Misbehaviour caughtOne -> caught.add(caughtOne);
      case PeerEffect.Penalize(String peer, String reason) -> penalties.add(peer + ": " + reason);
      case PeerEffect.Submitted(long _, SubmitResult result) -> {
        if (result instanceof SubmitResult.Refused refused) {
          throw new AssertionError(refused.reason());
        }
      }
      case PeerEffect.Report _,
          PeerEffect.Answered _,
          PeerEffect.HeadMoved _,
          PeerEffect.Mine _,
          PeerEffect.StopMining _ -> {}
      case PeerEffect.Dropped _, PeerEffect.Disconnect _ -> {}
    }
  }

  private void serve(StakeNode asker, PeerEffect.RequestBlocks request) {
    List<BlockMessage> blocks = new ArrayList<>();
    for (byte[] encoded : new RangeServer(store).answer(request.request())) {
      blocks.add(BlockMessage.decode(encoded));
    }
    if (blocks.isEmpty() && request.request() instanceof BlockRequest wanted) {
      open(wanted).ifPresent(block -> blocks.add(new BlockMessage(block, Bytes.EMPTY)));
    }
    sim.send(() -> asker.take(new PeerInput.SyncAnswer(request.requestId(), name(), blocks)));
  }

  private Optional<Block> open(BlockRequest wanted) {
    List<PeerEffect> effects = new ArrayList<>();
    machine.step(
        new PeerInput.Query(0, new Question.OpenBlock(wanted.block())), sim.now(), effects::add);
    for (PeerEffect effect : List.copyOf(effects)) {
      if (effect instanceof PeerEffect.Answered(long _, Answer.OpenBlock(Optional<Block> block))) {
        return block;
      }
    }
    return Optional.empty();
  }

  private void spread(java.util.function.Function<StakeNode, PeerInput> input) {
    for (StakeNode other : sim.nodes) {
      if (other != this) {
        sim.send(
            () -> {
              try {
                other.take(input.apply(other));
              } catch (MalformedException e) {
                throw new AssertionError(name() + " sent what is malformed: " + e.getMessage());
              }
            });
      }
    }
  }
}
