package dev.cairn.core.consensus.authority;

import dev.cairn.core.TestChain;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ExtensionParams;
import dev.cairn.core.consensus.EngineParts;
import dev.cairn.core.consensus.EngineProviders;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.core.peer.PeerMachine;
import dev.cairn.core.peer.PeerParams;
import dev.cairn.core.peer.TransactionsMessage;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.RangeServer;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// Authorities with real ledgers and peer machines, and a network under virtual time that loses and
/// delays. It watches that no two ever make different blocks of one height final. One seed, one
/// history.
final class AuthorityNetwork {

  private record Event(long nanos, long order, Runnable action) {}

  private interface Delivery {
    void to(Node node, String from);
  }

  final TestChain chain;
  final List<Node> nodes = new ArrayList<>();
  final List<String> blamed = new ArrayList<>();

  /// Of a message, in percent.
  int lossPercent;

  private final List<Ed25519Key> keys = new ArrayList<>();
  private final ChainSpec spec;
  private final SplittableRandom random;
  private final TreeMap<Long, Cid> finals = new TreeMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order));
  private long nanos;
  private long order;

  /// @param followers nodes without a key, behind the authorities; all nodes are down at first
  AuthorityNetwork(int authorities, int followers, long silenceMillis, long seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < authorities; i++) {
      keys.add(TestChain.key(100 + i));
    }
    keys.sort(Comparator.comparing(k -> Bytes.wrap(k.publicKey())));
    List<Bytes> authorityKeys = keys.stream().map(k -> Bytes.wrap(k.publicKey())).toList();
    chain = new TestChain(2, new AuthorityParams(silenceMillis, authorityKeys));
    // As a node does: from the text of a chain spec that names the engine.
    spec =
        ChainSpec.parse(
            chain.spec().toText(), EngineProviders.of(List.of(new AuthorityProvider())));
    for (int i = 0; i < authorities; i++) {
      nodes.add(new Node(i, keys.get(i)));
    }
    for (int i = 0; i < followers; i++) {
      nodes.add(new Node(authorities + i, null));
    }
  }

  /// Adds a node that has an authority's key too, which nobody should.
  Node twin(int authority) {
    Node twin = new Node(nodes.size(), keys.get(authority));
    nodes.add(twin);
    return twin;
  }

  /// A node: what outlives a crash, and the machine while it runs.
  final class Node {
    final int index;
    final MemoryChainStore store = new MemoryChainStore();
    private final @Nullable Ed25519Key key;
    private Optional<PeerMachine> machine = Optional.empty();
    private Optional<PeerIntake> intake = Optional.empty();
    private int effectsLeft = Integer.MAX_VALUE;
    private int life;

    Node(int index, @Nullable Ed25519Key key) {
      this.index = index;
      this.key = key;
    }

    boolean up() {
      return machine.isPresent();
    }

    long height() {
      return store.head().orElseThrow().height();
    }

    void start() {
      VerifiedSignatures signatures = new VerifiedSignatures();
      Ledger ledger = new Ledger(spec, store, LedgerParams.of(spec), signatures);
      EngineParts parts =
          ((ExtensionParams) spec.engine()).engine(spec, store, Optional.ofNullable(key));
      PeerMachine made =
          new PeerMachine(ledger, parts.engine(), parts.seals(), PeerParams.standard());
      machine = Optional.of(made);
      intake = Optional.of(new PeerIntake(signatures, spec, () -> made.view().height() + 1));
      effectsLeft = Integer.MAX_VALUE;
      life++;
      take(new PeerInput.Started(List.of()));
      for (Node other : nodes) {
        if (other != this && other.up()) {
          take(new PeerInput.PeerJoined(name(other.index)));
          other.take(new PeerInput.PeerJoined(name(index)));
        }
      }
    }

    /// Stops after so many more effects, in the middle of a batch if need be.
    void crashAfter(int effects) {
      effectsLeft = effects;
    }

    void submit(Transaction transaction) {
      take(new PeerInput.Submit(0, transaction));
    }

    private void crash() {
      machine = Optional.empty();
      nodes.forEach(n -> n.take(new PeerInput.PeerGone(name(index))));
    }

    private void take(PeerInput input) {
      if (machine.isPresent()) {
        List<PeerEffect> effects = new ArrayList<>();
        machine.get().step(input, now(), effects::add);
        effects.forEach(this::perform);
        wake();
      }
    }

    private void wake() {
      int woken = life;
      machine
          .filter(m -> m.deadlineNanos() != Long.MAX_VALUE)
          .ifPresent(m -> at(Math.max(m.deadlineNanos(), nanos + 100_000), () -> tick(woken)));
    }

    private void tick(int woken) {
      if (machine.isPresent() && woken == life && machine.get().deadlineNanos() <= nanos) {
        List<PeerEffect> effects = new ArrayList<>();
        machine.get().tick(now(), effects::add);
        effects.forEach(this::perform);
        wake();
      }
    }

    private void perform(PeerEffect effect) {
      if (machine.isPresent() && effectsLeft-- == 0) {
        crash();
      }
      if (machine.isEmpty()) {
        return; // What came before is done, what comes after never happens.
      }
      switch (effect) {
        case PeerEffect.GossipBlock(BlockMessage message, boolean _) ->
            spread((n, from) -> n.take(n.intake.orElseThrow().block(0, from, message.encode())));
        case PeerEffect.GossipTransactions(List<Transaction> list, boolean _) -> {
          byte[] message = TransactionsMessage.encode(list);
          spread((n, from) -> n.take(n.intake.orElseThrow().transactions(0, from, message)));
        }
        case PeerEffect.RequestStatus(String to) ->
            send(
                to,
                (n, from) -> {
                  var status = n.machine.orElseThrow().view().status();
                  n.send(from, (me, its) -> me.take(new PeerInput.PeerStatus(its, status)));
                });
        case PeerEffect.RequestBlocks(long id, String to, var request) ->
            send(
                to,
                (n, from) -> {
                  List<BlockMessage> answer =
                      new RangeServer(n.store)
                          .answer(request).stream().map(BlockMessage::decode).toList();
                  n.send(from, (me, its) -> me.take(new PeerInput.SyncAnswer(id, its, answer)));
                });
        case PeerEffect.Finalized f -> agree(f.block().height(), f.block().id());
        case PeerEffect.Penalize(String peer, String reason) ->
            blamed.add(name(index) + " blames " + peer + ": " + reason);
        default -> {}
      }
    }

    private void spread(Delivery delivery) {
      nodes.stream().filter(n -> n != this).forEach(n -> send(name(n.index), delivery));
    }

    private void send(String to, Delivery delivery) {
      Node other = nodes.get(Integer.parseInt(to.substring(1)));
      if (random.nextInt(100) >= lossPercent) {
        at(
            nanos + random.nextLong(1_000_000, 40_000_000),
            () -> {
              if (other.up()) {
                delivery.to(other, name(index));
              }
            });
      }
    }
  }

  private static String name(int index) {
    return "n" + index;
  }

  private void agree(long height, Cid block) {
    Cid known = finals.putIfAbsent(height, block);
    if (known != null && !known.equals(block)) {
      throw new AssertionError("two final blocks of height " + height);
    }
  }

  private Now now() {
    return new Now(nanos, TestChain.GENESIS_TIME + 1 + nanos / 1_000_000);
  }

  private void at(long when, Runnable action) {
    events.add(new Event(when, order++, action));
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

  /// The lowest final height of all nodes.
  long lowest() {
    return nodes.stream().filter(Node::up).mapToLong(Node::height).min().orElseThrow();
  }

  int random(int bound) {
    return random.nextInt(bound);
  }
}
