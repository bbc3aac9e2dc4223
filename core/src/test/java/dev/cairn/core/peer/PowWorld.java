package dev.cairn.core.peer;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.Puzzle;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.pow.PowEngine;
import dev.cairn.core.consensus.pow.PowRules;
import dev.cairn.core.consensus.pow.PowSeals;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.BlockRequest;
import dev.cairn.core.sync.RangeServer;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.tuweni.bytes.Bytes;

/// Proof-of-work peers with real ledgers, virtual miners and a perfect network that can be cut in
/// two. One seed, one history.
final class PowWorld {

  private static final long LATENCY_NANOS = 30_000_000L;

  /// Of each miner, in virtual time.
  private static final double HASHES_A_SECOND = 16;

  private record Event(long nanos, long order, Runnable action) {}

  private final class Peer {
    final int index;
    final MemoryChainStore store = new MemoryChainStore();
    final List<VoteRecord> log = new ArrayList<>();
    Optional<PeerMachine> machine = Optional.empty();
    private Optional<PeerIntake> intake = Optional.empty();
    long mining;
    int life;

    Peer(int index) {
      this.index = index;
    }

    void start() {
      VerifiedSignatures signatures = new VerifiedSignatures();
      Ledger ledger = new Ledger(spec, store, LedgerParams.of(spec), signatures);
      PowRules rules = PowRules.of(spec);
      Address account = Address.of(Hash.sha256(new byte[] {(byte) index}).bytes());
      PeerMachine made =
          new PeerMachine(
              ledger,
              PowEngine.miner(rules, this::time, account),
              new PowSeals(rules, this::time),
              PeerParams.standard());
      machine = Optional.of(made);
      intake = Optional.of(new PeerIntake(signatures, spec, () -> made.view().height() + 1));
      take(new PeerInput.Started(List.copyOf(log)));
      for (Peer other : peers) {
        if (other != this && other.machine.isPresent() && joined(index, other.index)) {
          connect(this, other);
        }
      }
    }

    private long time(long height) {
      return store
          .blockAt(height)
          .flatMap(store::block)
          .map(b -> b.decode().header().time())
          .orElseThrow();
    }

    void take(PeerInput input) {
      if (machine.isEmpty()) {
        return;
      }
      List<PeerEffect> effects = new ArrayList<>();
      machine.get().step(input, now(), effects::add);
      due(effects);
    }

    void due(List<PeerEffect> effects) {
      PeerMachine running = machine.orElseThrow();
      if (running.deadlineNanos() <= nanos) {
        running.tick(now(), effects::add);
      }
      effects.forEach(this::perform);
      int woken = life;
      if (running.deadlineNanos() != Long.MAX_VALUE) {
        at(
            Math.max(running.deadlineNanos(), nanos + 1_000_000),
            () -> {
              if (woken == life && running.deadlineNanos() <= nanos) {
                due(new ArrayList<>());
              }
            });
      }
    }

    private void perform(PeerEffect effect) {
      switch (effect) {
        case PeerEffect.PersistVote(VoteRecord record) -> log.add(record);
        case PeerEffect.PruneVotes(long epoch, long slot) ->
            log.removeIf(r -> r.atOrBelow(epoch, slot));
        case PeerEffect.GossipBlock(BlockMessage message, boolean _) -> spread(message.encode());
        case PeerEffect.GossipTransactions(List<Transaction> list, boolean _) ->
            others(
                (other, from) ->
                    other.take(other.intake.orElseThrow().transactions(0, from, encode(list))));
        case PeerEffect.RequestStatus(String to) ->
            send(
                to,
                (other, from) -> {
                  var status = other.machine.orElseThrow().view().status();
                  other.send(from, (me, its) -> me.take(new PeerInput.PeerStatus(its, status)));
                });
        case PeerEffect.RequestBlocks(long id, String to, BlockRequest(Cid block)) ->
            send(to, (other, from) -> other.answer(id, from, block));
        case PeerEffect.RequestBlocks asked ->
            send(
                asked.peer(),
                (other, from) -> {
                  requests.merge(asked.request().getClass().getSimpleName(), 1, Integer::sum);
                  List<byte[]> answer = new RangeServer(other.store, false).answer(asked.request());
                  other.send(from, (me, its) -> me.take(PeerInput.answer(asked, answer)));
                });
        case PeerEffect.Mine(long work, Puzzle puzzle) -> mine(work, puzzle);
        case PeerEffect.StopMining _ -> mining++;
        case PeerEffect.Penalize(String peer, String reason) ->
            faults.add(index + " blames " + peer + ": " + reason);
        default -> {}
      }
    }

    private void answer(long id, String asker, Cid block) {
      List<BlockMessage> found = new ArrayList<>();
      List<PeerEffect> effects = new ArrayList<>();
      machine
          .orElseThrow()
          .step(new PeerInput.Query(0, new Question.OpenBlock(block)), now(), effects::add);
      for (PeerEffect effect : effects) {
        if (effect instanceof PeerEffect.Answered(long _, Answer.OpenBlock(var open))) {
          open.ifPresent(b -> found.add(new BlockMessage(b, Bytes.EMPTY)));
        }
      }
      if (found.isEmpty()) {
        store.block(block).ifPresent(b -> found.add(new BlockMessage(b.decode(), Bytes.EMPTY)));
      }
      send(asker, (other, from) -> other.take(new PeerInput.SyncAnswer(id, from, found)));
    }

    private void spread(byte[] message) {
      others((other, from) -> other.take(other.intake.orElseThrow().block(0, from, message)));
    }

    /// The time until a nonce is found is exponential; then a real one is looked for.
    private void mine(long work, Puzzle puzzle) {
      long number = ++mining;
      double mean = puzzle.target().work().doubleValue() / HASHES_A_SECOND;
      double seconds = -StrictMath.log(1 - random.nextDouble()) * mean;
      int woken = life;
      at(
          nanos + (long) (seconds * 1e9),
          () -> {
            if (number == mining && woken == life) {
              long nonce = puzzle.search(number << 40, Long.MAX_VALUE).orElseThrow();
              take(new PeerInput.Mined(work, nonce));
            }
          });
    }

    private void others(Delivery delivery) {
      for (Peer other : peers) {
        if (other != this) {
          send(name(other.index), delivery);
        }
      }
    }

    private void send(String to, Delivery delivery) {
      Peer other = peers.get(Integer.parseInt(to.substring(1)));
      at(
          nanos + LATENCY_NANOS,
          () -> {
            if (other.machine.isPresent() && joined(index, other.index)) {
              delivery.to(other, name(index));
            }
          });
    }
  }

  private interface Delivery {
    void to(Peer peer, String from);
  }

  private final ChainSpec spec;
  private final SplittableRandom random;
  private final List<Peer> peers = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.nanos() != b.nanos()
                  ? Long.compare(a.nanos(), b.nanos())
                  : Long.compare(a.order(), b.order()));
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> requests = new TreeMap<>();
  private long nanos = 1;
  private long order;
  private int cut;

  PowWorld(ChainSpec spec, int size, long seed) {
    this.spec = spec;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < size; i++) {
      peers.add(new Peer(i));
    }
    peers.forEach(Peer::start);
  }

  private static String name(int index) {
    return "n" + index;
  }

  private static byte[] encode(List<Transaction> list) {
    return TransactionsMessage.encode(list);
  }

  private Now now() {
    return new Now(nanos, TestChain.GENESIS_TIME + nanos / 1_000_000);
  }

  private void at(long when, Runnable action) {
    events.add(new Event(when, order++, action));
  }

  private boolean joined(int a, int b) {
    return cut == 0 || (a < cut) == (b < cut);
  }

  private void connect(Peer a, Peer b) {
    a.take(new PeerInput.PeerJoined(name(b.index)));
    b.take(new PeerInput.PeerJoined(name(a.index)));
  }

  /// Peers below this index and the others lose sight of each other.
  void cut(int first) {
    cut = first;
    for (Peer a : peers) {
      for (Peer b : peers) {
        if (!joined(a.index, b.index)) {
          a.take(new PeerInput.PeerGone(name(b.index)));
        }
      }
    }
  }

  void heal() {
    int before = cut;
    cut = 0;
    for (int a = 0; a < before; a++) {
      for (int b = before; b < peers.size(); b++) {
        connect(peers.get(a), peers.get(b));
      }
    }
  }

  void crash(int index) {
    peers.get(index).machine = Optional.empty();
    peers.get(index).life++;
  }

  void start(int index) {
    peers.get(index).start();
  }

  /// Requests of a kind that were made so far, those for single blocks aside.
  int requests(Class<?> kind) {
    return requests.getOrDefault(kind.getSimpleName(), 0);
  }

  void submit(int index, Transaction transaction) {
    peers.get(index).take(new PeerInput.Submit(1, transaction));
  }

  void run(long millis) {
    long end = nanos + millis * 1_000_000;
    while (!events.isEmpty() && events.peek().nanos() <= end) {
      Event event = events.remove();
      nanos = Math.max(nanos, event.nanos());
      event.action().run();
    }
    nanos = end;
  }

  void runUntil(long millisMax, BooleanSupplier condition) {
    long end = nanos + millisMax * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (nanos >= end) {
        throw new AssertionError("not within " + millisMax + " ms; " + faults);
      }
      run(100);
    }
  }

  ChainView view(int index) {
    return peers.get(index).machine.orElseThrow().view();
  }

  boolean sameHead() {
    return peers.stream().map(p -> view(p.index).head()).distinct().count() == 1;
  }

  boolean isFinal(int index, Transaction transaction) {
    return peers.get(index).store.transaction(transaction.id()).isPresent();
  }

  /// Whether the transaction is in the chain of the peer's head.
  boolean includes(int index, Transaction transaction) {
    Peer peer = peers.get(index);
    List<PeerEffect> effects = new ArrayList<>();
    peer.machine
        .orElseThrow()
        .step(new PeerInput.Query(0, new Question.Included(transaction.id())), now(), effects::add);
    return effects.stream()
        .anyMatch(
            e ->
                e instanceof PeerEffect.Answered(long _, Answer.Included(var block))
                    && block.isPresent());
  }

  /// No two peers have different final blocks at one height, and nobody blamed an honest one.
  void check() {
    for (Peer a : peers) {
      for (long height = 0; height <= view(a.index).finalizedHeight(); height++) {
        Optional<Cid> here = a.store.blockAt(height);
        for (Peer b : peers) {
          Optional<Cid> there = b.store.blockAt(height);
          if (here.isPresent() && there.isPresent() && !here.equals(there)) {
            throw new AssertionError("two final blocks at height " + height);
          }
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new AssertionError(faults.toString());
    }
  }
}
