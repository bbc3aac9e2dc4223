package dev.cairn.node.discovery;

import dev.cairn.libp2p.identify.SignedPeerRecord;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/// A network of discovery machines with everything they ask for done in virtual time: dials take 50
/// ms, answers to requests 20 ms. Honest nodes come after each other, knowing one earlier node;
/// attackers accept every connection and name only each other.
final class Town {

  private static final long WALL = 1_764_000_000_000L;
  private static final Duration DIAL = Duration.ofMillis(50);
  private static final Duration ANSWER = Duration.ofMillis(20);

  private record Event(long nanos, long order, Runnable what) {}

  /// One node; an attacker has no machine.
  private static final class Resident {
    final int index;
    final Told told;
    final Multiaddr address;
    Optional<Discovery> machine = Optional.empty();
    boolean gone;

    /// Peer -> whether this side dialled.
    final Map<PeerId, Boolean> links = new LinkedHashMap<>();

    Resident(int index, Told told) {
      this.index = index;
      this.told = told;
      this.address = told.addresses().getFirst();
    }

    PeerId peer() {
      return told.peer();
    }
  }

  private final List<Resident> residents = new ArrayList<>();
  private final List<Resident> attackers = new ArrayList<>();
  private final Map<PeerId, Resident> byPeer = new HashMap<>();
  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(
          java.util.Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order));
  private final Map<Resident, Long> waking = new HashMap<>();
  private final DiscoveryParams params;
  private final Random random;
  private final int attackersFrom;
  private long nanos;
  private long order;

  Town(long seed, int honest, int attackerCount, int attackerRegions, DiscoveryParams params) {
    this.params = params;
    random = new Random(seed);
    attackersFrom = 1_000_000;
    for (int i = 0; i < attackerCount; i++) {
      String ip =
          "198."
              + (50 + i % attackerRegions)
              + "."
              + i / attackerRegions % 250
              + "."
              + (1 + i / 1000);
      attackers.add(resident(attackersFrom + i, ip));
    }
    for (int i = 0; i < honest; i++) {
      add(i == 0 ? -1 : random.nextInt(i));
    }
  }

  private Resident who(PeerId peer) {
    return Optional.ofNullable(byPeer.get(peer)).orElseThrow();
  }

  private Resident resident(int index, String ip) {
    Identity identity = Rig.identity("resident " + index);
    byte[] envelope = SignedPeerRecord.seal(identity, 1, List.of(Rig.address(ip)));
    Resident resident = new Resident(index, Told.open(envelope));
    byPeer.put(resident.peer(), resident);
    return resident;
  }

  /// A newcomer that knows one node, and one attacker where there are any.
  void add(int knows) {
    int i = residents.size();
    // Two honest nodes to a region.
    Resident fresh = resident(i, "60." + i / 2 % 250 + "." + i % 250 + ".1");
    residents.add(fresh);
    boot(fresh, Saved.nobody(Rig.KEY));
    if (knows >= 0) {
      tell(fresh, residents.get(knows));
    }
    if (!attackers.isEmpty()) {
      for (int n = 0; n < 4; n++) {
        tell(fresh, attackers.get(random.nextInt(attackers.size())));
      }
    }
  }

  private void tell(Resident who, Resident of) {
    input(who, new DiscoveryInput.Found(Source.NAMED, Optional.empty(), List.of(of.told)));
  }

  private void boot(Resident resident, Saved saved) {
    resident.machine =
        Optional.of(new Discovery(resident.peer(), params, saved, 0, random.nextLong()));
    input(resident, new DiscoveryInput.Started());
  }

  void restart(int index) {
    Resident resident = residents.get(index);
    Saved saved = PeersFile.parse(PeersFile.text(resident.machine.orElseThrow().saved()));
    cut(resident);
    boot(resident, saved);
  }

  void remove(int index) {
    residents.get(index).gone = true;
    cut(residents.get(index));
    residents.get(index).machine = Optional.empty();
  }

  private void cut(Resident resident) {
    for (PeerId peer : List.copyOf(resident.links.keySet())) {
      drop(resident, who(peer));
    }
  }

  private void drop(Resident a, Resident b) {
    if (a.links.remove(b.peer()) != null) {
      b.links.remove(a.peer());
      input(a, new DiscoveryInput.Gone(b.peer()));
      input(b, new DiscoveryInput.Gone(a.peer()));
    }
  }

  private void at(Duration after, Runnable what) {
    queue.add(new Event(nanos + after.toNanos(), order++, what));
  }

  private Now now() {
    return new Now(nanos, WALL + nanos / 1_000_000);
  }

  private void input(Resident resident, DiscoveryInput input) {
    if (resident.machine.isPresent()) {
      List<DiscoveryEffect> effects = new ArrayList<>();
      resident.machine.get().step(input, now(), effects::add);
      after(resident, effects);
    }
  }

  private void after(Resident resident, List<DiscoveryEffect> effects) {
    effects.forEach(e -> perform(resident, e));
    long due = resident.machine.map(Discovery::deadlineNanos).orElse(Long.MAX_VALUE);
    Long set = waking.get(resident);
    if (due < Long.MAX_VALUE && (set == null || due < set)) {
      waking.put(resident, due);
      queue.add(new Event(Math.max(due, nanos), order++, () -> wake(resident, due)));
    }
  }

  private void wake(Resident resident, long due) {
    if (waking.remove(resident, due) && resident.machine.isPresent()) {
      List<DiscoveryEffect> effects = new ArrayList<>();
      resident.machine.get().tick(now(), effects::add);
      after(resident, effects);
    }
  }

  private void perform(Resident resident, DiscoveryEffect effect) {
    switch (effect) {
      case DiscoveryEffect.Dial dial -> at(DIAL, () -> connect(resident, dial.peer()));
      case DiscoveryEffect.Disconnect d -> at(ANSWER, () -> drop(resident, who(d.peer())));
      case DiscoveryEffect.Ask(PeerId peer) -> at(ANSWER, () -> answer(resident, peer));
      case DiscoveryEffect.DialNamed d -> throw new IllegalStateException();
      case DiscoveryEffect.Protect p -> {}
      case DiscoveryEffect.Unprotect u -> {}
      case DiscoveryEffect.Walk w -> {}
      case DiscoveryEffect.Save s -> {}
      case DiscoveryEffect.Changed c -> {}
    }
  }

  private void connect(Resident from, PeerId peer) {
    Resident to = who(peer);
    if (to.gone || from.gone || to.links.size() >= params.peersMax()) {
      input(from, new DiscoveryInput.DialFailed(peer));
    } else if (!from.links.containsKey(peer)) {
      from.links.put(peer, true);
      to.links.put(from.peer(), false);
      input(from, new DiscoveryInput.Up(peer, true, to.address, to.told, true, true));
      Multiaddr ephemeral =
          Multiaddr.parse(from.address.toString().replaceFirst("tcp/.*", "tcp/50000"));
      input(to, new DiscoveryInput.Up(from.peer(), false, ephemeral, from.told, true, true));
    }
  }

  private void answer(Resident asker, PeerId peer) {
    Resident other = who(peer);
    if (!asker.links.containsKey(peer)) {
      return;
    }
    List<Told> told = new ArrayList<>();
    if (other.machine.isEmpty()) {
      for (int i = 0; i < PeersMessage.RECORDS_MAX; i++) {
        told.add(attackers.get(random.nextInt(attackers.size())).told);
      }
    } else {
      List<DiscoveryView.Shareable> known =
          new ArrayList<>(other.machine.get().view(now()).shareable());
      Collections.shuffle(known, random);
      known.stream().limit(PeersMessage.RECORDS_MAX).forEach(s -> told.add(who(s.peer()).told));
    }
    input(asker, new DiscoveryInput.Found(Source.EXCHANGE, Optional.of(peer), told));
  }

  void run(Duration time) {
    long end = nanos + time.toNanos();
    while (!queue.isEmpty() && queue.peek().nanos() <= end) {
      Event event = queue.poll();
      nanos = Math.max(nanos, event.nanos());
      event.what().run();
    }
    nanos = end;
  }

  int outbound(int index) {
    return view(index).outbound();
  }

  private DiscoveryView view(int index) {
    return residents.get(index).machine.orElseThrow().view(now());
  }

  /// Regions of the peers that hold places.
  int regions(int index) {
    Set<String> regions = new HashSet<>();
    for (DiscoveryView.Peer peer : view(index).peers()) {
      if (peer.chosen()) {
        regions.add(Neighbourhood.of(who(peer.peer()).address).orElseThrow().region());
      }
    }
    return regions.size();
  }

  int attackers(int index) {
    return (int)
        view(index).peers().stream()
            .filter(p -> p.chosen() && who(p.peer()).index >= attackersFrom)
            .count();
  }

  int attackersInAll() {
    int all = 0;
    for (int i = 0; i < residents.size(); i++) {
      all += attackers(i);
    }
    return all;
  }

  /// Nodes that a flood from this one reaches.
  int reachableFrom(int index) {
    return honestReachableFrom(index);
  }

  /// The same with attackers passing nothing on.
  int honestReachableFrom(int index) {
    Set<Resident> seen = new HashSet<>(Set.of(residents.get(index)));
    Deque<Resident> next = new ArrayDeque<>(seen);
    while (!next.isEmpty()) {
      for (PeerId peer : next.poll().links.keySet()) {
        Resident other = who(peer);
        if (other.index < attackersFrom && seen.add(other)) {
          next.add(other);
        }
      }
    }
    return seen.size();
  }
}
