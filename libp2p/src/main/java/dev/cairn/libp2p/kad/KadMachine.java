package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A node of the DHT (libp2p kad-dht) as a pure machine: routing table, look-ups, what it keeps for
/// others and what it provides itself. The same inputs at the same times with the same random
/// numbers give the same effects.
///
/// Owner: the one thread that steps it.
public final class KadMachine implements Machine<KadInput, KadEffect> {

  /// How often what has expired is dropped; what is read is checked anyway.
  private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final PeerId self;
  private final KadParams params;
  private final RoutingTable table;
  private final ProviderStore providers;
  private final RecordStore records;
  private final Provided provided;
  private final Serving serving;
  private final Upkeep upkeep;
  private final Operations operations;
  private final KadCounts counts;
  private List<Multiaddr> listening = List.of();
  private KadMode mode;
  private int known;
  private long sweepNanos;

  /// @param random for the keys by which buckets are refreshed, and for jitter
  /// @param start the time of the first step or before it
  public KadMachine(
      PeerId self, KadParams params, RandomGenerator random, KadCounts counts, Now start) {
    this.self = self;
    this.params = params;
    this.counts = counts;
    this.mode = params.mode();
    this.table = new RoutingTable(self, params.table());
    this.providers = new ProviderStore(params.store(), params.table());
    this.records = new RecordStore(self, params.store(), params.table(), params.validators());
    this.provided = new Provided(params.store());
    this.serving = new Serving(self, params, table, providers, records, provided, counts);
    this.upkeep = new Upkeep(params, table, random, start.nanos());
    this.operations = new Operations(self, params, table, counts, upkeep::ended);
    this.sweepNanos = start.nanos() + SWEEP_NANOS;
  }

  @Override
  public void step(KadInput input, Now now, Consumer<? super KadEffect> out) {
    Step step = new Step(now, out);
    switch (input) {
      case KadInput.Serves(PeerAddresses peer, Optional<Multiaddr> remote) -> {
        if (table.wants(peer, remote)) {
          operations.probe(peer, step);
        }
      }
      case KadInput.ServesNot(PeerId peer) -> table.remove(peer);
      case KadInput.Restore(List<PeerAddresses> peers) ->
          peers.forEach(peer -> operations.probe(peer, step));
      case KadInput.Asked asked -> asked(asked, step);
      case KadInput.Answered answered -> operations.answered(answered, step);
      case KadInput.Sent(long request) -> operations.sent(request, step);
      case KadInput.Failed failed -> operations.failed(failed, step);
      case KadInput.FindPeer(long id, PeerId peer) -> begin(id, new FindPeerGoal(peer), step);
      case KadInput.FindClosest(long id, KadKey key) ->
          begin(id, new ClosestGoal(key, params.table().bucketSize()), step);
      case KadInput.PutValue(long id, KadRecord record) -> put(id, record, step);
      case KadInput.GetValue(long id, KadKey key) -> get(id, key, step);
      case KadInput.FindProviders(long id, KadKey key, int max) -> search(id, key, max, step);
      case KadInput.Provide(long id, KadKey key) -> provide(id, key, step);
      case KadInput.Announce(KadKey key) -> announce(key, step);
      case KadInput.Unprovide(KadKey key) -> provided.remove(key);
      case KadInput.Bootstrap(long id) -> upkeep.bootstrap(id);
      case KadInput.Cancel(long id) -> {
        upkeep.cancel(id);
        operations.cancel(id, step);
      }
      case KadInput.Listening(List<Multiaddr> addresses) -> listening = addresses;
      case KadInput.Mode(KadMode other) -> mode = other;
      case KadInput.Inspect(long id) -> inspect(id, step);
    }
    settle(step);
  }

  private void asked(KadInput.Asked asked, Step step) {
    if (mode == KadMode.SERVER) {
      serving.asked(asked, listening, step);
    } else {
      step.emit(new KadEffect.NoAnswer(asked.token(), "a client"));
    }
  }

  /// False when too many look-ups run and wait.
  private boolean begin(long id, Goal goal, Step step) {
    upkeep.looked(goal.question().key(), step.nanos());
    return operations.begin(id, goal, step);
  }

  private void put(long id, KadRecord record, Step step) {
    Optional<String> fault = records.put(record, self, Optional.empty(), step);
    if (fault.isPresent()) {
      step.emit(new KadEffect.Done(id, new KadResult.Refused(fault.get()), 0, 0));
    } else {
      int replicas = params.table().bucketSize();
      boolean _ =
          begin(id, new StoreGoal(KadMessage.put(record), replicas, (taken, end) -> {}), step);
    }
  }

  private void get(long id, KadKey key, Step step) {
    Optional<KadRecord> local = records.get(key, step);
    int quorum = params.lookup().quorum();
    begin(id, new GetValueGoal(key, local, records, quorum, params.table().bucketSize()), step);
  }

  private void search(long id, KadKey key, int max, Step step) {
    List<PeerAddresses> local = providers.get(key, step.nanos());
    begin(id, new ProvidersGoal(key, id, max, local, step), step);
  }

  private void announce(KadKey key, Step step) {
    if (!provided.add(key, step.nanos())) {
      counts.add(KadCount.ANNOUNCED_REFUSED);
    }
  }

  private void provide(long id, KadKey key, Step step) {
    if (!provided.told(key, step.nanos())) {
      KadResult refused = new KadResult.Refused("too many keys are provided");
      step.emit(new KadEffect.Done(id, refused, 0, 0));
      return;
    }
    KadMessage message = KadMessage.addProvider(key, PeerAddresses.of(self, listening));
    int size = table.size();
    int replicas = params.table().bucketSize();
    StoreGoal.Ending ending =
        (taken, end) -> provided.taken(key, taken, replicas, size, end.nanos());
    if (!begin(id, new StoreGoal(message, replicas, ending), step)) {
      provided.taken(key, 0, replicas, size, step.nanos());
    }
  }

  private void inspect(long id, Step step) {
    step.emit(
        new KadEffect.State(
            id,
            table.snapshot(step.nanos()),
            table.good(),
            provided.keys(),
            providers.size(),
            records.size(),
            operations.count()));
  }

  /// What follows from whatever has changed.
  private void settle(Step step) {
    if (table.size() > known) {
      upkeep.grown(step.nanos());
      provided.grown(table.size(), step.nanos());
    }
    known = table.size();
    Optional<KadKey> next = upkeep.next(step.nanos());
    while (next.isPresent()) {
      begin(upkeep.begun(), new ClosestGoal(next.get(), params.table().bucketSize()), step);
      next = upkeep.next(step.nanos());
    }
    for (long done : upkeep.finished()) {
      step.emit(new KadEffect.Done(done, new KadResult.Complete(), 0, 0));
    }
  }

  @Override
  public void tick(Now now, Consumer<? super KadEffect> out) {
    Step step = new Step(now, out);
    operations.tick(step);
    upkeep.tick(step.nanos());
    Optional<KadKey> due = provided.due(step.nanos());
    while (due.isPresent() && upkeep.hasRoom()) {
      provide(upkeep.begun(), due.get(), step);
      due = provided.due(step.nanos());
    }
    if (step.nanos() >= sweepNanos) {
      sweepNanos = step.nanos() + SWEEP_NANOS;
      providers.expire(step.nanos());
      records.expire(step.nanos());
    }
    settle(step);
  }

  @Override
  public long deadlineNanos() {
    long provide = upkeep.hasRoom() ? provided.deadlineNanos() : Long.MAX_VALUE;
    long own = Math.min(Math.min(upkeep.deadlineNanos(), sweepNanos), provide);
    return Math.min(own, operations.deadlineNanos());
  }

  /// The peers of the routing table: for those who look at many machines at once.
  public List<PeerAddresses> peers() {
    List<PeerAddresses> peers = new ArrayList<>();
    table.snapshot(0).buckets().forEach(b -> b.peers().forEach(e -> peers.add(e.peer())));
    return peers;
  }
}
