package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// The look-ups that run or wait, and the requests in flight. Operations with a number below zero
/// are the machine's own: they do not wait, and nobody hears of their end.
///
/// Owner: its [KadMachine].
final class Operations {

  /// A request without an operation: to see whether a peer answers.
  static final long PROBE = 0;

  private record Pending(long operation, PeerAddresses to, KadMessage question, long dueNanos) {}

  private record Waiting(long id, Goal goal) {}

  private final PeerId self;
  private final KadParams params;
  private final RoutingTable table;
  private final KadCounts counts;
  private final LongConsumer onEnd;
  private final LinkedHashMap<Long, Operation> running = new LinkedHashMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final LinkedHashMap<Long, Pending> requests = new LinkedHashMap<>();
  private final Probes probes = new Probes();
  private int foreground;
  private boolean starting;
  private long nextRequest;

  /// @param onEnd told of the end of the machine's own operations
  Operations(
      PeerId self, KadParams params, RoutingTable table, KadCounts counts, LongConsumer onEnd) {
    this.self = self;
    this.params = params;
    this.table = table;
    this.counts = counts;
    this.onEnd = onEnd;
  }

  /// Look-ups that run or wait.
  int count() {
    return running.size() + waiting.size();
  }

  /// @return false when it was refused: too many run and wait
  boolean begin(long id, Goal goal, Step step) {
    if (id > 0 && foreground >= params.lookup().runningMax()) {
      if (waiting.size() >= params.lookup().waitingMax()) {
        counts.add(KadCount.LOOKUPS_REFUSED);
        goal.abandoned(step);
        KadResult refused = new KadResult.Refused("too many look-ups at once");
        step.emit(new KadEffect.Done(id, refused, 0, 0));
        return false;
      }
      waiting.add(new Waiting(id, goal));
    } else {
      start(id, goal, step);
    }
    return true;
  }

  private void start(long id, Goal goal, Step step) {
    counts.add(KadCount.LOOKUPS);
    KadKey target = goal.question().key();
    List<PeerAddresses> seeds = table.nearest(target, params.table().bucketSize());
    Lookup lookup = new Lookup(self, target, seeds, params.lookup(), params.table());
    long deadline = step.nanos() + params.lookup().timeout().toNanos();
    Operation operation = new Operation(id, goal, lookup, deadline);
    running.put(id, operation);
    foreground += id > 0 ? 1 : 0;
    if (goal instanceof ProvidersGoal search && search.enough()) {
      conclude(operation, step);
    } else {
      pump(operation, step);
    }
  }

  /// Asks whom there is to ask, and ends the look-up when nobody is left.
  private void pump(Operation operation, Step step) {
    Lookup lookup = operation.lookup;
    Optional<PeerAddresses> next = lookup.next();
    while (next.isPresent()) {
      request(operation.id, next.get(), operation.goal.question(), step);
      next = lookup.next();
    }
    if (lookup.finished()) {
      send(operation, true, step);
    }
  }

  private void request(long operation, PeerAddresses to, KadMessage question, Step step) {
    counts.add(KadCount.REQUESTS);
    long id = ++nextRequest;
    long due = step.nanos() + params.lookup().requestTimeout().toNanos();
    requests.put(id, new Pending(operation, to, question, due));
    step.emit(new KadEffect.Request(id, to, question));
  }

  private void send(Operation operation, boolean complete, Step step) {
    List<Goal.Sending> sendings = operation.goal.after(operation.lookup, complete);
    operation.sending = true;
    operation.unsettled = sendings.size();
    boolean awaits = operation.goal.awaitsSending() && !sendings.isEmpty();
    for (Goal.Sending sending : sendings) {
      request(awaits ? operation.id : PROBE, sending.to(), sending.message(), step);
    }
    if (!awaits) {
      conclude(operation, step);
    }
  }

  private void conclude(Operation operation, Step step) {
    running.remove(operation.id);
    Lookup lookup = operation.lookup;
    KadResult result = operation.goal.result(lookup, operation.taken, step);
    if (operation.id < 0) {
      onEnd.accept(operation.id);
      return;
    }
    foreground--;
    step.emit(
        new KadEffect.Done(operation.id, result, operation.goal.hops(lookup), lookup.requests()));
    startWaiting(step);
  }

  /// Starts those whose turn it is. Not from within itself: without peers each is over at once, and
  /// a thousand of them would be as many calls deep.
  private void startWaiting(Step step) {
    if (starting) {
      return;
    }
    starting = true;
    while (foreground < params.lookup().runningMax() && !waiting.isEmpty()) {
      Waiting next = waiting.poll();
      start(next.id(), next.goal(), step);
    }
    starting = false;
  }

  void cancel(long id, Step step) {
    for (Waiting entry : List.copyOf(waiting)) {
      if (entry.id() == id) {
        waiting.remove(entry);
        entry.goal().abandoned(step);
      }
    }
    Operation operation = running.get(id);
    if (operation != null) {
      conclude(operation, step);
    }
  }

  /// Asks a peer whether it answers, now or when others have.
  void probe(PeerAddresses peer, Step step) {
    probes.add(peer);
    probeNext(step);
  }

  private void probeNext(Step step) {
    Optional<PeerAddresses> next = probes.next();
    while (next.isPresent()) {
      KadMessage question = KadMessage.ask(KadMessage.Type.FIND_NODE, table.self());
      request(PROBE, next.get(), question, step);
      next = probes.next();
    }
  }

  void answered(KadInput.Answered input, Step step) {
    Pending pending = requests.remove(input.request());
    if (pending == null) {
      return;
    }
    KadMessage answer = input.answer();
    if (answer.type() != pending.question().type()) {
      counts.add(KadCount.ANSWERS_UNUSABLE);
      step.emit(new KadEffect.Misled(pending.to().peer(), "answers something else"));
      lost(pending, step);
      return;
    }
    PeerAddresses peer =
        input.listening().isEmpty() ? pending.to() : pending.to().at(input.listening());
    table.seen(peer, input.remote(), step.nanos()).ifPresent(silent -> probe(silent, step));
    settleProbe(pending, step);
    Operation operation = running.get(pending.operation());
    if (operation == null) {
      return;
    }
    if (operation.sending) {
      boolean stored =
          answer.record().isPresent()
              && pending.question().record().isPresent()
              && answer.record().get().sameValue(pending.question().record().get());
      settleSending(operation, stored, step);
    } else {
      hear(operation, peer, input, step);
    }
  }

  private void hear(Operation operation, PeerAddresses peer, KadInput.Answered input, Step step) {
    KadMessage told = within(input.answer(), input.remote());
    Lookup lookup = operation.lookup;
    boolean enough = false;
    if (lookup.answered(peer.peer(), input.remote(), told.closer())) {
      lookup.located(peer);
      enough = operation.goal.heard(peer, told, step);
      if (operation.goal instanceof ProvidersGoal search) {
        search.led(lookup.hops(peer.peer()));
      }
    }
    if (enough) {
      send(operation, false, step);
    } else {
      pump(operation, step);
    }
  }

  /// Without the addresses that mean nothing so far from where the answer came.
  private static KadMessage within(KadMessage answer, Optional<Multiaddr> remote) {
    Reach distance = Reach.of(remote);
    if (distance == Reach.LOOPBACK) {
      return answer;
    }
    List<PeerAddresses> closer = new ArrayList<>(answer.closer().size());
    answer.closer().forEach(peer -> closer.add(peer.from(distance)));
    List<PeerAddresses> providers = new ArrayList<>(answer.providers().size());
    answer.providers().forEach(peer -> providers.add(peer.from(distance)));
    return new KadMessage(answer.type(), answer.key(), answer.record(), closer, providers);
  }

  void sent(long request, Step step) {
    Pending pending = requests.remove(request);
    Operation operation = pending == null ? null : running.get(pending.operation());
    if (operation != null && operation.sending) {
      settleSending(operation, true, step);
    }
  }

  private void settleSending(Operation operation, boolean taken, Step step) {
    operation.taken += taken ? 1 : 0;
    if (--operation.unsettled == 0) {
      conclude(operation, step);
    }
  }

  private void settleProbe(Pending pending, Step step) {
    if (pending.operation() == PROBE) {
      probes.settled(pending.to().peer());
      probeNext(step);
    }
  }

  void failed(KadInput.Failed input, Step step) {
    Pending pending = requests.remove(input.request());
    if (pending == null) {
      return;
    }
    counts.add(KadCount.REQUESTS_FAILED);
    Operation operation = running.get(pending.operation());
    if (input.connected() && operation != null && !operation.sending) {
      if (!input.listening().isEmpty()) {
        operation.lookup.located(pending.to().at(input.listening()));
      }
      if (operation.goal.reached(pending.to().peer())) {
        table.failed(pending.to());
        send(operation, false, step);
        return;
      }
    }
    lost(pending, step);
  }

  private void lost(Pending pending, Step step) {
    table.failed(pending.to());
    settleProbe(pending, step);
    Operation operation = running.get(pending.operation());
    if (operation == null) {
      return;
    }
    if (operation.sending) {
      settleSending(operation, false, step);
    } else {
      operation.lookup.failed(pending.to().peer());
      pump(operation, step);
    }
  }

  /// Ends what has taken too long.
  void tick(Step step) {
    while (!requests.isEmpty() && requests.firstEntry().getValue().dueNanos() <= step.nanos()) {
      counts.add(KadCount.REQUESTS_TIMED_OUT);
      Map.Entry<Long, Pending> late = requests.pollFirstEntry();
      lost(late.getValue(), step);
    }
    for (Operation operation : List.copyOf(running.values())) {
      if (operation.deadlineNanos <= step.nanos() && running.containsKey(operation.id)) {
        counts.add(KadCount.LOOKUPS_TIMED_OUT);
        conclude(operation, step);
      }
    }
  }

  long deadlineNanos() {
    long first = requests.isEmpty() ? Long.MAX_VALUE : requests.firstEntry().getValue().dueNanos();
    for (Operation operation : running.values()) {
      first = Math.min(first, operation.deadlineNanos);
    }
    return first;
  }
}
