package dev.cairn.simulator.dht;

import dev.cairn.libp2p.kad.KadCount;
import dev.cairn.libp2p.kad.KadEffect;
import dev.cairn.libp2p.kad.KadInput;
import dev.cairn.libp2p.kad.KadKey;
import dev.cairn.libp2p.kad.KadMachine;
import dev.cairn.libp2p.kad.KadParams;
import dev.cairn.libp2p.kad.KadRecord;
import dev.cairn.libp2p.kad.KadResult;
import dev.cairn.libp2p.kad.LookupParams;
import dev.cairn.libp2p.kad.PeerAddresses;
import dev.cairn.libp2p.kad.RecordValidator;
import dev.cairn.libp2p.kad.TableParams;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multihash;
import dev.cairn.simulator.SimRandom;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One network from its first node to the last look-up: nodes join, an attacker floods them if
/// there is one, contents and values are published, and then nodes come and go while look-ups are
/// measured.
public final class DhtRun {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final long JOIN = 10 * MINUTE;
  private static final long SETTLE = 2 * MINUTE;
  private static final long FLOOD = 2 * MINUTE;
  private static final long PUBLISH = 2 * MINUTE;
  private static final long MEASURE = 10 * MINUTE;

  /// Honest nodes that every id of the attacker visits, and how many others each visits.
  private static final int VICTIMS = 20;

  private static final int VISITS = 20;

  /// Nodes beside those that are up, which take the places of those that leave.
  private static final int AWAY_PER_MILLE = 200;

  private static final int DIGEST_BYTES = 32;
  private static final String[] ATTACKED_FROM = {"66.1.1.", "77.2.2.", "88.3.3.", "99.4.4."};

  private final DhtScenario scenario;
  private final SimRandom random;
  private final DhtWorld world;
  private final List<SimPeer> honest = new ArrayList<>();
  private final List<SimPeer> away = new ArrayList<>();
  private final List<KadKey> contents = new ArrayList<>();
  private final List<KadRecord> records = new ArrayList<>();
  private final Measurements peers = new Measurements("peer");
  private final Measurements values = new Measurements("value");
  private final Measurements providers = new Measurements("provider");

  private DhtRun(DhtScenario scenario) {
    this.scenario = scenario;
    this.random = new SimRandom(scenario.seed());
    this.world = new DhtWorld(params(scenario), scenario.lossPerMille(), random.split());
  }

  private static KadParams params(DhtScenario scenario) {
    TableParams table = TableParams.STANDARD;
    LookupParams lookup = LookupParams.STANDARD;
    if (!scenario.diversity()) {
      table = table.withGroups(Integer.MAX_VALUE, Integer.MAX_VALUE);
      lookup = lookup.with(lookup.paths(), Integer.MAX_VALUE);
    }
    KadParams s = KadParams.STANDARD.withTable(table).withLookup(lookup);
    return new KadParams(
        s.protocol(),
        s.mode(),
        s.table(),
        s.lookup(),
        s.store(),
        Duration.ofMinutes(30),
        Map.of("sim", new Anything()));
  }

  /// Signatures are not what is simulated.
  private static final class Anything implements RecordValidator {
    @Override
    public Optional<String> fault(KadKey key, byte[] value, long wallMillis) {
      return Optional.empty();
    }

    @Override
    public boolean better(KadKey key, byte[] present, byte[] other) {
      return Arrays.compareUnsigned(other, present) > 0;
    }
  }

  public static DhtReport run(DhtScenario scenario) {
    return new DhtRun(scenario).run();
  }

  private DhtReport run() {
    populate();
    long at = JOIN + SETTLE;
    if (scenario.attackers() > 0) {
      flood(at);
      at += FLOOD;
    }
    publish(at);
    at += PUBLISH;
    churn(at);
    measure(at);
    long end = at + MEASURE + MINUTE;
    while (world.schedule.step(end)) {
      // Time goes on by itself.
    }
    return report(end);
  }

  private PeerAddresses identity(String address) {
    byte[] digest = new byte[DIGEST_BYTES];
    random.nextBytes(digest);
    PeerId id = PeerId.decode(Multihash.of(Multihash.SHA2_256, digest).encode());
    return PeerAddresses.of(id, List.of(Multiaddr.parse(address)));
  }

  private String anywhere() {
    return "/ip4/"
        + (128 + random.nextInt(40))
        + "."
        + random.nextInt(256)
        + "."
        + random.nextInt(256)
        + "."
        + (1 + random.nextInt(254))
        + "/tcp/4001";
  }

  private void populate() {
    int all = scenario.nodes() + scenario.nodes() * AWAY_PER_MILLE / 1_000;
    for (int i = 0; i < all; i++) {
      int roll = i == 0 ? 999 : random.nextInt(1_000);
      SimPeer.Kind kind =
          roll >= scenario.natPerMille()
              ? SimPeer.Kind.SERVER
              : roll % 2 == 0 ? SimPeer.Kind.HIDDEN : SimPeer.Kind.CLIENT;
      SimPeer peer = world.add(kind, identity(anywhere()));
      (i < scenario.nodes() ? honest : away).add(peer);
    }
    long each = JOIN / scenario.nodes();
    for (int i = 0; i < scenario.nodes(); i++) {
      SimPeer peer = honest.get(i);
      world.schedule.at(i * each, () -> world.start(peer));
    }
  }

  private void flood(long from) {
    for (int i = 0; i < scenario.attackers(); i++) {
      String network = ATTACKED_FROM[i % ATTACKED_FROM.length];
      String address = "/ip4/" + network + (1 + i / 4 % 250) + "/tcp/" + (2_000 + i / 1_000);
      SimPeer attacker = world.add(SimPeer.Kind.ATTACKER, identity(address));
      for (int visit = 0; visit < VICTIMS + VISITS; visit++) {
        int victim = visit < VICTIMS ? visit : random.nextInt(honest.size());
        world.schedule.at(
            from + random.nextLong(FLOOD - 10 * SECOND),
            () -> world.connected(attacker, honest.get(victim)));
      }
    }
  }

  private void publish(long from) {
    int count = Math.min(scenario.lookups(), 500);
    for (int i = 0; i < count; i++) {
      byte[] digest = new byte[DIGEST_BYTES];
      random.nextBytes(digest);
      KadKey content = KadKey.of(Multihash.of(Multihash.SHA2_256, digest));
      byte[] key = ("/sim/" + i + "/" + scenario.seed()).getBytes(StandardCharsets.UTF_8);
      KadRecord record = KadRecord.of(KadKey.of(key), digest);
      contents.add(content);
      records.add(record);
      long at = from + random.nextLong(PUBLISH - 30 * SECOND);
      world.schedule.at(at, () -> operate(id -> new KadInput.Provide(id, content)));
      world.schedule.at(at, () -> operate(id -> new KadInput.PutValue(id, record)));
    }
  }

  private void operate(java.util.function.LongFunction<KadInput> input) {
    world.operate(upNode(), input, found -> {}, done -> {});
  }

  private SimPeer upNode() {
    while (true) {
      SimPeer peer = honest.get(random.nextInt(honest.size()));
      if (peer.up()) {
        return peer;
      }
    }
  }

  /// Nodes leave at random times and others take their places.
  private void churn(long from) {
    long swaps = (long) scenario.nodes() * scenario.churnPerMille() * (MEASURE / MINUTE) / 1_000;
    for (long i = 0; i < swaps; i++) {
      world.schedule.at(from + random.nextLong(MEASURE), this::swap);
    }
  }

  private void swap() {
    int leaving = random.nextInt(honest.size());
    int coming = random.nextInt(away.size());
    SimPeer gone = honest.get(leaving);
    SimPeer come = away.get(coming);
    world.stop(gone);
    world.start(come);
    honest.set(leaving, come);
    away.set(coming, gone);
  }

  private void measure(long from) {
    for (int i = 0; i < scenario.lookups(); i++) {
      int number = i;
      long at = from + random.nextLong(MEASURE);
      world.schedule.at(at, this::lookForPeer);
      world.schedule.at(at, () -> lookForValue(records.get(number % records.size())));
      world.schedule.at(at, () -> lookForProvider(contents.get(number % contents.size())));
    }
  }

  private void lookForPeer() {
    SimPeer from = upNode();
    SimPeer target = upNode();
    if (from == target || target.kind != SimPeer.Kind.SERVER) {
      lookForPeer();
      return;
    }
    int life = target.life;
    long began = world.schedule.nanos();
    world.operate(
        from,
        id -> new KadInput.FindPeer(id, target.self.peer()),
        found -> {},
        done -> {
          if (target.life == life) {
            boolean found =
                done.result() instanceof KadResult.Peer(Optional<PeerAddresses> p)
                    && p.isPresent()
                    && p.get().addresses().containsAll(target.self.addresses());
            peers.add(found, done, world.schedule.nanos() - began);
          }
        });
  }

  private void lookForValue(KadRecord record) {
    long began = world.schedule.nanos();
    world.operate(
        upNode(),
        id -> new KadInput.GetValue(id, record.key()),
        found -> {},
        done -> {
          boolean found =
              done.result() instanceof KadResult.Value(Optional<KadRecord> v)
                  && v.isPresent()
                  && Arrays.equals(v.get().value(), record.value());
          values.add(found, done, world.schedule.nanos() - began);
        });
  }

  private void lookForProvider(KadKey key) {
    long began = world.schedule.nanos();
    List<PeerAddresses> all = new ArrayList<>();
    world.operate(
        upNode(),
        id -> new KadInput.FindProviders(id, key, 1),
        all::add,
        (KadEffect.Done done) ->
            providers.add(!all.isEmpty(), done, world.schedule.nanos() - began));
  }

  private DhtReport report(long end) {
    List<Integer> sizes = new ArrayList<>();
    int most = 0;
    long slots = 0;
    for (SimPeer peer : honest) {
      KadMachine machine = peer.machine;
      List<PeerAddresses> table = machine == null ? List.of() : machine.peers();
      int held = 0;
      for (PeerAddresses entry : table) {
        boolean attacker =
            world.find(entry.peer()).map(p -> p.kind == SimPeer.Kind.ATTACKER).orElse(false);
        held += attacker ? 1 : 0;
      }
      sizes.add(table.size());
      most = Math.max(most, held);
      slots += held;
    }
    return new DhtReport(
        List.of(peers.kind(), values.kind(), providers.kind()),
        Measurements.part(sizes, 50, 0),
        most,
        (double) slots / honest.size(),
        world.counts.get(KadCount.REQUESTS),
        world.schedule.steps(),
        TimeUnit.NANOSECONDS.toSeconds(end),
        world.traceHash());
  }
}
