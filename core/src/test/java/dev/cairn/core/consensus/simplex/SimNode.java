package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.Tip;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A node of the simulated network: an engine, a disk that loses what was not synced, and a ledger
/// that knows only which block follows which.
final class SimNode {

  record Final(Block block, Bytes certificate) {}

  final String name;
  final boolean honest;
  private final SimNetwork net;
  private final int validator;
  private final long skewMillis;

  // The disk.
  final List<Final> chain = new ArrayList<>();
  private List<VoteRecord> synced = new ArrayList<>();
  private List<VoteRecord> unsynced = new ArrayList<>();

  // The memory.
  private SimplexEngine engine;
  private final ArrayDeque<EngineInput> inbox = new ArrayDeque<>();
  private Map<Cid, Block> executed = new LinkedHashMap<>();
  private boolean running;
  boolean loaded;
  int life;
  int behind;

  /// @param validator its index in the set, or -1 for an observer
  SimNode(SimNetwork net, String name, int validator, boolean honest, long skewMillis) {
    this.net = net;
    this.name = name;
    this.validator = validator;
    this.honest = honest;
    this.skewMillis = skewMillis;
    this.engine = newEngine();
    chain.add(new Final(net.chain.genesis(), Bytes.EMPTY));
  }

  private SimplexEngine newEngine() {
    return validator < 0
        ? SimplexEngine.observer(net.chain.rules(), net.timing)
        : SimplexEngine.validator(net.chain.rules(), net.timing, net.chain.signer(validator));
  }

  Now now() {
    long millis = TestChain.GENESIS_MILLIS + net.nanos / 1_000_000 + skewMillis;
    return new Now(net.nanos, millis);
  }

  boolean running() {
    return running;
  }

  Final tip() {
    return chain.getLast();
  }

  long height() {
    return tip().block().height();
  }

  long deadlineNanos() {
    return running ? engine.deadlineNanos() : Long.MAX_VALUE;
  }

  Optional<Block> block(Cid id) {
    Optional<Block> held = engine.block(id);
    return held.isPresent()
        ? held
        : chain.stream().map(Final::block).filter(b -> b.id().equals(id)).findFirst();
  }

  private Tip engineTip() {
    Block block = tip().block();
    return new Tip(block.id(), block.height(), block.header().time(), tip().certificate());
  }

  void start() {
    engine = newEngine();
    running = true;
    life++;
    executed = new LinkedHashMap<>();
    take(new EngineInput.Started(engineTip(), synced));
    take(new EngineInput.Pending(loaded));
  }

  /// Loses what was not synced, or all votes when the test has it so.
  void crash() {
    running = false;
    inbox.clear();
    int survivors = unsynced.isEmpty() ? 0 : net.random.nextInt(unsynced.size() + 1);
    synced.addAll(unsynced.subList(0, survivors));
    unsynced = new ArrayList<>();
    if (!net.persistence) {
      synced = new ArrayList<>();
    }
  }

  void load(boolean on) {
    loaded = on;
    if (running) {
      take(new EngineInput.Pending(on));
    }
  }

  void tick() {
    if (running && engine.deadlineNanos() <= net.nanos) {
      List<EngineEffect> effects = new ArrayList<>();
      engine.tick(now(), effects::add);
      perform(effects);
      drain();
    }
  }

  void take(EngineInput input) {
    if (running) {
      inbox.add(input);
      drain();
    }
  }

  private void drain() {
    while (running && !inbox.isEmpty()) {
      List<EngineEffect> effects = new ArrayList<>();
      engine.step(inbox.poll(), now(), effects::add);
      perform(effects);
    }
  }

  /// The chain store is written inside the step; then the rest is done in order, unless the node
  /// dies on the way.
  private void perform(List<EngineEffect> effects) {
    for (EngineEffect effect : effects) {
      if (effect instanceof EngineEffect.Finalized f) {
        commit(f);
      }
    }
    for (EngineEffect effect : effects) {
      if (running && net.crashNow(this)) {
        net.crash(this);
      }
      if (!running) {
        return;
      }
      net.trace(name, effect);
      perform(effect);
    }
  }

  private void perform(EngineEffect effect) {
    switch (effect) {
      case EngineEffect.Build b -> build(b);
      case EngineEffect.Check c -> check(c.block());
      case EngineEffect.Persist p -> unsynced.add(p.entry());
      case EngineEffect.Broadcast b -> {
        sync();
        net.broadcast(this, from -> new EngineInput.MessageReceived(b.message(), from));
      }
      case EngineEffect.BroadcastBlock b -> {
        sync();
        net.broadcast(this, from -> new EngineInput.BlockReceived(b.block(), b.seal(), from));
      }
      case EngineEffect.Judged j -> {
        if (j.verdict() instanceof Verdict.Reject r) {
          net.rejected(this, j.origin(), r.reason());
        }
      }
      case EngineEffect.Head h -> inbox.add(new EngineInput.Pending(loaded));
      case EngineEffect.Finalized f -> {}
      case EngineEffect.RequestBlock r -> net.request(this, r);
      case EngineEffect.Behind b -> {
        behind++;
        net.sync(this);
      }
      case EngineEffect.Misbehaviour m -> net.evidence++;
      case EngineEffect.Prune p -> prune(p.epoch(), p.slot());
      case EngineEffect.Template _, EngineEffect.Mine _, EngineEffect.StopMining _ ->
          throw new AssertionError("a Simplex engine does not mine");
    }
  }

  private void sync() {
    synced.addAll(unsynced);
    unsynced = new ArrayList<>();
  }

  private void prune(long epoch, long slot) {
    sync();
    synced.removeIf(r -> r.atOrBelow(epoch, slot));
    synced.addFirst(VoteRecord.floor(epoch, slot));
  }

  private void build(EngineEffect.Build wanted) {
    if (!loaded && !wanted.emptyWanted()) {
      inbox.add(new EngineInput.NothingToBuild(wanted.slot()));
      return;
    }
    long height = heightOf(wanted.parent()) + 1;
    Block block = net.chain.block(wanted, height, name + " " + life + " " + net.nanos);
    executed.put(block.id(), block);
    inbox.add(new EngineInput.Built(wanted.slot(), block));
  }

  private long heightOf(Cid id) {
    return block(id).orElseThrow(() -> new AssertionError("no parent " + id)).height();
  }

  private void check(Block block) {
    Cid parent = block.parent().orElseThrow();
    if (!executed.containsKey(parent) && !parent.equals(tip().block().id())) {
      throw new AssertionError(name + " is to check a block before its parent");
    }
    executed.put(block.id(), block);
    inbox.add(new EngineInput.Checked(block.id(), Verdict.accept()));
  }

  private void commit(EngineEffect.Finalized effect) {
    List<Final> added = new ArrayList<>();
    Block block = Objects.requireNonNull(executed.get(effect.block()));
    Bytes certificate = effect.certificate();
    while (!block.id().equals(tip().block().id())) {
      if (block.height() <= height()) {
        net.conflict(name + " finalizes " + block + " beside " + tip().block());
        running = false;
        return;
      }
      added.addFirst(new Final(block, certificate));
      certificate = Bytes.EMPTY;
      Cid parent = block.parent().orElseThrow();
      block =
          parent.equals(tip().block().id())
              ? tip().block()
              : Objects.requireNonNull(executed.get(parent), "a parent that was not checked");
    }
    // Each block is a commit of its own, and the node may die between two.
    for (Final f : added) {
      chain.add(f);
      net.finalized(this, f.block());
      if (!f.equals(added.getLast()) && net.crashBetweenCommits(this)) {
        net.crash(this);
        return;
      }
    }
  }

  /// Takes what another node has beyond this one's tip, as a range sync does: certificates
  /// verified.
  void syncFrom(SimNode other) {
    CertificateVerifier verifier = new CertificateVerifier(net.chain.rules());
    List<Final> range =
        other.chain.subList(Math.min(chain.size(), other.chain.size()), other.chain.size());
    int last = range.size();
    while (last > 0 && range.get(last - 1).certificate().isEmpty()) {
      last--;
    }
    if (last > 1 && net.random.nextInt(4) == 0) {
      last = 1 + net.random.nextInt(last);
    }
    if (!running || last == 0) {
      return;
    }
    Final end = range.get(last - 1);
    if (!end.certificate().isEmpty()
        && !verifier.verify(end.block().header(), end.certificate()).accepted()) {
      throw new AssertionError("a stored certificate is not good");
    }
    for (Final f : List.copyOf(range.subList(0, last))) {
      chain.add(f);
      executed.put(f.block().id(), f.block());
      net.finalized(this, f.block());
    }
    take(new EngineInput.Synced(engineTip()));
  }

  Origin origin() {
    return new Origin(name, 0);
  }
}
