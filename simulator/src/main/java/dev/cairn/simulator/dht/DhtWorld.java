package dev.cairn.simulator.dht;

import dev.cairn.libp2p.kad.KadCounts;
import dev.cairn.libp2p.kad.KadEffect;
import dev.cairn.libp2p.kad.KadInput;
import dev.cairn.libp2p.kad.KadMachine;
import dev.cairn.libp2p.kad.KadMessage;
import dev.cairn.libp2p.kad.KadMode;
import dev.cairn.libp2p.kad.KadParams;
import dev.cairn.libp2p.kad.PeerAddresses;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import dev.cairn.simulator.Schedule;
import dev.cairn.simulator.SimRandom;
import dev.cairn.simulator.Trace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The nodes, the time and the network between them. Owner: one [DhtRun].
final class DhtWorld {

  /// What crossing the whole map takes, beside the least delay.
  private static final long MAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long DELAY_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(5);

  /// A dial that nobody answers.
  private static final long DIAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// How long a connection lasts through which a node behind NAT can be asked.
  private static final long CONNECTION_NANOS = TimeUnit.MINUTES.toNanos(2);

  /// Peers that a node knows when it starts.
  private static final int KNOWN = 4;

  final Schedule schedule = new Schedule();
  final SimRandom random;
  final KadCounts counts = new KadCounts();
  final Attackers attackers = new Attackers();
  private final Trace trace = new Trace();
  private final ByteBuffer line = ByteBuffer.allocate(3 * Integer.BYTES);
  private final KadParams params;
  private final int lossPerMille;
  private final List<SimPeer> peers = new ArrayList<>();
  private final Map<PeerId, SimPeer> byId = new LinkedHashMap<>();
  private @Nullable KadMessage answer;
  private long operations;

  DhtWorld(KadParams params, int lossPerMille, SimRandom random) {
    this.params = params;
    this.lossPerMille = lossPerMille;
    this.random = random;
  }

  SimPeer add(SimPeer.Kind kind, PeerAddresses self) {
    SimPeer peer = new SimPeer(peers.size(), kind, self, random.nextDouble(), random.nextDouble());
    peers.add(peer);
    byId.put(self.peer(), peer);
    if (kind == SimPeer.Kind.ATTACKER) {
      attackers.add(self);
    }
    return peer;
  }

  List<SimPeer> peers() {
    return peers;
  }

  Optional<SimPeer> find(PeerId id) {
    return Optional.ofNullable(byId.get(id));
  }

  String traceHash() {
    return trace.hash();
  }

  private Now now() {
    long nanos = schedule.nanos();
    return new Now(nanos, Schedule.WALL_MILLIS_START + TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private void note(int from, int to, int what) {
    line.clear();
    byte[] content = line.putInt(from).putInt(to).putInt(what).array();
    trace.line(schedule.nanos(), from, "event", content);
  }

  /// A node comes up with nothing but some peers to begin with.
  void start(SimPeer peer) {
    if (peer.up()) {
      return;
    }
    KadMode mode = peer.kind == SimPeer.Kind.CLIENT ? KadMode.CLIENT : KadMode.SERVER;
    KadMachine machine =
        new KadMachine(peer.self.peer(), params.withMode(mode), random.split(), counts, now());
    List<PeerAddresses> known = new ArrayList<>();
    for (int tries = 0; known.size() < KNOWN && tries < 100 * KNOWN; tries++) {
      SimPeer other = peers.get(random.nextInt(peers.size()));
      if (other.kind == SimPeer.Kind.SERVER && other.up()) {
        known.add(other.self);
      }
    }
    peer.machine = machine;
    note(peer.index, -1, 1);
    take(peer, new KadInput.Listening(peer.self.addresses()));
    take(peer, new KadInput.Restore(known));
  }

  void stop(SimPeer peer) {
    note(peer.index, -1, 2);
    peer.machine = null;
    peer.life++;
    peer.met.clear();
    peer.dialledNanos.clear();
    peer.waiting.clear();
    peer.finding.clear();
    peer.tickNanos = Long.MAX_VALUE;
  }

  /// Begins an operation.
  ///
  /// @param found told of each provider
  /// @param done told of the end, unless the node goes before
  void operate(
      SimPeer peer,
      java.util.function.LongFunction<KadInput> input,
      Consumer<PeerAddresses> found,
      Consumer<KadEffect.Done> done) {
    long id = ++operations;
    peer.waiting.put(id, done);
    peer.finding.put(id, found);
    take(peer, input.apply(id));
  }

  private void take(SimPeer peer, KadInput input) {
    KadMachine machine = peer.machine;
    if (machine == null) {
      return;
    }
    List<KadEffect> effects = new ArrayList<>();
    machine.step(input, now(), effects::add);
    perform(peer, machine, effects);
  }

  private void tick(SimPeer peer, int life, long due) {
    KadMachine machine = peer.machine;
    if (machine == null || peer.life != life || peer.tickNanos != due) {
      return;
    }
    peer.tickNanos = Long.MAX_VALUE;
    List<KadEffect> effects = new ArrayList<>();
    machine.tick(now(), effects::add);
    perform(peer, machine, effects);
  }

  private void perform(SimPeer peer, KadMachine machine, List<KadEffect> effects) {
    for (KadEffect effect : effects) {
      switch (effect) {
        case KadEffect.Request request -> request(peer, request);
        case KadEffect.Answer(long token, KadMessage message) -> answer = message;
        case KadEffect.NoAnswer none -> {}
        case KadEffect.Found(long id, PeerAddresses provider) -> {
          Consumer<PeerAddresses> found = peer.finding.get(id);
          if (found != null) {
            found.accept(provider);
          }
        }
        case KadEffect.Done done -> {
          note(peer.index, done.hops(), 3);
          peer.finding.remove(done.operation());
          Consumer<KadEffect.Done> waiting = peer.waiting.remove(done.operation());
          if (waiting != null) {
            waiting.accept(done);
          }
        }
        case KadEffect.State state -> {}
        case KadEffect.Misled misled -> note(peer.index, -1, 4);
      }
    }
    long due = machine.deadlineNanos();
    if (due < peer.tickNanos) {
      peer.tickNanos = due;
      int life = peer.life;
      schedule.at(due, () -> tick(peer, life, due));
    }
  }

  private long delay(SimPeer a, SimPeer b) {
    double distance = Math.hypot(a.x - b.x, a.y - b.y);
    return DELAY_NANOS_MIN + (long) (distance * MAP_NANOS) + random.nextInt(1_000_000);
  }

  private void request(SimPeer from, KadEffect.Request request) {
    SimPeer to = byId.get(request.to().peer());
    if (random.chance(lossPerMille)) {
      return;
    }
    int life = from.life;
    if (to == null || !request.to().addresses().contains(to.self.addresses().getFirst())) {
      schedule.after(DIAL_NANOS, () -> failed(from, life, request.id()));
      return;
    }
    if (!from.reachable()) {
      from.dialledNanos.put(to.index, schedule.nanos());
    }
    long there = delay(from, to);
    schedule.after(there, () -> arrive(from, life, to, there, request));
  }

  private void failed(SimPeer from, int life, long request) {
    if (from.life == life) {
      take(from, new KadInput.Failed(request, false, List.of()));
    }
  }

  private boolean answers(SimPeer to, SimPeer from) {
    if (!to.up() || to.kind == SimPeer.Kind.CLIENT) {
      return false;
    }
    Long dialled = to.dialledNanos.get(from.index);
    return to.reachable() || dialled != null && schedule.nanos() - dialled < CONNECTION_NANOS;
  }

  private void arrive(SimPeer from, int life, SimPeer to, long back, KadEffect.Request request) {
    note(from.index, to.index, 16 + request.question().type().code());
    if (!answers(to, from)) {
      boolean refused = to.reachable() && random.nextBoolean();
      schedule.after(refused ? back : DIAL_NANOS, () -> failed(from, life, request.id()));
      return;
    }
    Optional<KadMessage> answered = ask(from, to, request.question());
    if (random.chance(lossPerMille)) {
      return;
    }
    schedule.after(
        back,
        () -> {
          if (from.life == life) {
            take(from, result(to, request, answered));
          }
        });
  }

  private Optional<KadMessage> ask(SimPeer from, SimPeer to, KadMessage question) {
    if (to.kind == SimPeer.Kind.ATTACKER) {
      return Optional.of(attackers.answer(question));
    }
    connected(from, to);
    answer = null;
    take(to, new KadInput.Asked(0, from.self.peer(), from.address, question));
    return Optional.ofNullable(answer);
  }

  /// The first request of a life comes with a connection, on which the asking side says whether it
  /// serves.
  void connected(SimPeer from, SimPeer to) {
    if (!to.met.get(from.index)) {
      to.met.set(from.index);
      if (from.kind != SimPeer.Kind.CLIENT) {
        take(to, new KadInput.Serves(from.self, from.address));
      }
    }
  }

  private static KadInput result(
      SimPeer to, KadEffect.Request request, Optional<KadMessage> answered) {
    if (answered.isPresent()) {
      return new KadInput.Answered(request.id(), to.address, to.self.addresses(), answered.get());
    }
    return request.question().type() == KadMessage.Type.ADD_PROVIDER
        ? new KadInput.Sent(request.id())
        : new KadInput.Failed(request.id(), true, to.self.addresses());
  }
}
