package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.peer.ChainView;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// A network of peers of one chain under virtual time: the machines that a real node runs, with a
/// seeded network, crashes and partitions in place of sockets and disks. The same seed and the same
/// calls give the same trace, event by event.
///
/// It watches as it goes: two peers that make different blocks of one height final end it with an
/// exception.
///
/// Owner: the thread that made it.
public final class Simulation {

  /// Events within one call of [#run], before it is taken for an endless loop.
  private static final long EVENTS_MAX = 5_000_000;

  private static final Duration REDIAL = Duration.ofMillis(200);

  private final SplittableRandom random;
  private final Schedule schedule = new Schedule();
  private final Trace trace = new Trace();
  private final VirtualNetwork network;
  private final List<SimPeer> peers = new ArrayList<>();
  private final List<Cid> finals = new ArrayList<>();
  private final SimChain chain;
  private final long[] nonces;

  /// @param size peers; the first is the validator, the others follow
  public Simulation(long seed, int size, LinkParams link) {
    this.random = new SplittableRandom(seed);
    this.network = new VirtualNetwork(size, link, schedule, random.split());
    this.chain = SimChain.of(1);
    this.nonces = new long[chain.accounts().size()];
    finals.add(chain.spec().genesis().id());
    for (int i = 0; i < size; i++) {
      Ed25519Key key = i < chain.validators().size() ? chain.validators().get(i) : null;
      peers.add(new SimPeer(i, chain.spec(), key, this));
    }
  }

  public ChainSpec spec() {
    return chain.spec();
  }

  /// Randomness for whoever writes the script, from the same seed.
  public SplittableRandom random() {
    return random;
  }

  public void startAll() {
    for (int i = 0; i < peers.size(); i++) {
      start(i);
    }
  }

  /// Starts a peer that is down; it connects to all that are up.
  public void start(int index) {
    SimPeer peer = peers.get(index);
    if (peer.up()) {
      return;
    }
    trace(index, "start");
    peer.start();
    for (int i = 0; i < peers.size(); i++) {
      if (i != index && peers.get(i).up()) {
        connect(index, i);
      }
    }
  }

  private void connect(int a, int b) {
    if (!network.joined(a, b)) {
      schedule.after(
          REDIAL.toNanos(),
          () -> {
            if (peers.get(a).up() && peers.get(b).up()) {
              connect(a, b);
            }
          });
      return;
    }
    peers.get(a).take(new PeerInput.PeerJoined(SimPeer.name(b)));
    peers.get(b).take(new PeerInput.PeerJoined(SimPeer.name(a)));
  }

  /// Takes a peer down between two events.
  public void crash(int index) {
    if (peers.get(index).up()) {
      crashed(index);
    }
  }

  /// Takes a peer down in the middle of its effects: so many more are performed.
  public void crashAfterEffects(int index, int effects) {
    peers.get(index).crashAfterEffects(effects);
  }

  void crashed(int index) {
    trace(index, "crash");
    peers.get(index).crash();
    learn(peers.get(index).store());
    for (SimPeer other : peers) {
      schedule.after(
          random.nextLong(50_000_000L),
          () -> other.take(new PeerInput.PeerGone(SimPeer.name(index))));
    }
  }

  public boolean up(int index) {
    return peers.get(index).up();
  }

  public int size() {
    return peers.size();
  }

  /// Messages pass between the peers named, and between the others, and not across.
  public void cutOff(List<Integer> indices) {
    trace(-1, "cut off " + indices);
    network.cutOff(indices);
  }

  public void heal() {
    trace(-1, "heal");
    network.heal();
  }

  /// Ends all faults: heals, calls off crashes that are planned, and starts whatever is down.
  public void calm(LinkParams params) {
    heal();
    network.link(params);
    for (int i = 0; i < peers.size(); i++) {
      peers.get(i).crashAfterEffects(Integer.MAX_VALUE);
      start(i);
    }
  }

  public void link(LinkParams params) {
    network.link(params);
  }

  /// Gives a peer a transfer from an account; the simulation counts the nonces.
  ///
  /// @return false when the peer is down
  public boolean submit(int index, int account, int fillerBytes) {
    if (!peers.get(index).up()) {
      return false;
    }
    Ed25519Key key = chain.accounts().get(account);
    Address to = Address.of(chain.accounts().get((account + 1) % nonces.length).publicKey());
    long validUntil = now().wallMillis() + 3_600_000;
    SigningDomain domain = chain.spec().domainAt(1);
    Transaction transaction =
        Transaction.sign(
            domain, key, nonces[account]++, 10_000 + fillerBytes, validUntil, new Transfer(to, 1));
    peers.get(index).take(new PeerInput.Submit(0, transaction));
    return true;
  }

  /// Hands bytes to a peer as if another had gossiped them.
  void inject(int from, int to, Packet packet) {
    network.send(from, to, () -> peers.get(to).receive(from, packet));
  }

  public void run(Duration time) {
    schedule.run(schedule.now().nanos() + time.toNanos(), EVENTS_MAX);
  }

  /// Runs until all peers that are up have the same final block, and it is that of the highest;
  /// false when that did not happen in time.
  public boolean runUntilSame(Duration timeout) {
    long end = schedule.now().nanos() + timeout.toNanos();
    while (!same()) {
      if (schedule.now().nanos() >= end) {
        return false;
      }
      run(Duration.ofMillis(50));
    }
    return true;
  }

  private boolean same() {
    for (SimPeer peer : peers) {
      if (peer.up() && peer.view().finalizedHeight() != finalHeight()) {
        return false;
      }
    }
    return true;
  }

  public ChainView view(int index) {
    return peers.get(index).view();
  }

  /// The height of the highest final block anywhere.
  public long finalHeight() {
    return finals.size() - 1L;
  }

  public List<String> penalties(int index) {
    return peers.get(index).penalties();
  }

  /// What was wrong at the end: verdicts that are owed.
  public Optional<String> fault() {
    return peers.stream().flatMap(p -> p.fault().stream()).findFirst();
  }

  /// The hash of everything that happened; ends the simulation.
  public String traceHash() {
    return trace.hash();
  }

  /// The last things that happened, for a person.
  public List<String> lastLines() {
    return trace.last();
  }

  /// How much happened and how much of what was sent was lost.
  public String summary() {
    return trace.lines()
        + " effects, "
        + network.sent()
        + " messages, "
        + network.lost()
        + " lost, final height "
        + finalHeight();
  }

  Now now() {
    return schedule.now();
  }

  void at(long nanos, Runnable action) {
    schedule.at(nanos, action);
  }

  void trace(int index, String what) {
    trace.line(schedule.now().nanos(), index < 0 ? "-" : SimPeer.name(index), what);
  }

  /// Sends to all peers but the sender and the one it came from.
  void spread(int from, int source, Packet packet) {
    for (int to = 0; to < peers.size(); to++) {
      if (to != from && to != source) {
        send(from, to, packet);
      }
    }
  }

  void send(int from, int to, Packet packet) {
    network.send(from, to, () -> peers.get(to).receive(from, packet));
  }

  /// A block is final once it is in a store, even if its node crashes before it can tell.
  private void learn(ChainStore store) {
    while (store.blockAt(finals.size()).isPresent()) {
      finals.add(store.blockAt(finals.size()).orElseThrow());
    }
  }

  /// No two peers may ever differ on a height.
  void finalized(int index, Block block) {
    learn(peers.get(index).store());
    if (!finals.get((int) block.height()).equals(block.id())) {
      throw new IllegalStateException(
          SimPeer.name(index) + " has another final " + block + " than the others");
    }
  }
}
