package dev.cairn.core.sync;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Brings the final chain up to what the peers have.
///
/// Missing blocks are requested as ranges, in parallel, from every peer that claims them. Each
/// answer is verified by itself, so that a bad one costs its sender's share and nothing else, and
/// goes to another peer: by the certificate on its last block, or, where blocks have none, by the
/// headers of the branch that weighs most ([HeaderSync]). Verified blocks wait, bounded, until
/// those below them are there, and are delivered one at a time in order. Nothing is kept but the
/// final chain itself: a machine made with the head of a store goes on from there.
///
/// Owner: the [dev.cairn.core.peer.PeerMachine].
public final class SyncMachine implements Machine<SyncInput, SyncEffect> {

  /// A gap of more blocks than this is not left to gossip.
  private static final long GAP_FOR_GOSSIP_MAX = 8;

  /// The bytes that one request may bring: room for them is kept before it is sent.
  private static final long REQUEST_BYTES = RangeServer.ANSWER_BYTES_MAX;

  private record Flight(long requestId, String peer, RangeRequest range, long sentNanos) {
    boolean covers(long height) {
      return height >= range.from() && height <= range.last();
    }
  }

  private final SealVerifier verifier;
  private final SyncParams params;
  private final SyncPeers peers;
  private final ReadyBlocks ready;

  /// Empty where blocks have certificates.
  private final Optional<HeaderSync> headers;

  private final Map<Long, Flight> flights = new LinkedHashMap<>();
  private long finalizedHeight;
  private Cid finalized;
  private long gossipedHeight;
  private boolean delivering;
  private long requestsSent;

  /// While the peers are known to be ahead: the height to reach and since when.
  private long goal;

  private long behindSinceNanos;
  private boolean behind;
  private boolean syncing;

  /// Whether ranges are requested: at once for a large gap, for a small one when it lasts.
  private boolean fetching;

  private long target;
  private long deadlineNanos = Long.MAX_VALUE;

  /// @param finalizedHeight the newest final block of the store
  public SyncMachine(
      long finalizedHeight, Cid finalized, SealVerifier verifier, SyncParams params) {
    this.finalizedHeight = finalizedHeight;
    this.finalized = finalized;
    this.target = finalizedHeight;
    this.verifier = verifier;
    this.params = params;
    this.peers = new SyncPeers(params);
    this.ready = new ReadyBlocks(params.bufferBytesMax());
    this.headers =
        verifier.branches().map(b -> new HeaderSync(b, peers, params, () -> ++requestsSent));
  }

  /// Whether the block of this height is here, verified, and waits for those below it.
  public boolean has(long height) {
    return ready.has(height);
  }

  /// Whether final blocks are missing that gossip alone does not seem to bring.
  public boolean syncing() {
    return syncing;
  }

  /// The highest final height that is known of, proved or claimed.
  public long target() {
    return target;
  }

  /// Whether what this peer claims may be so: it has not failed to show it of late.
  public boolean believes(String peer, long nanos) {
    return peers.believed(peer, nanos);
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public void step(SyncInput input, Now now, Consumer<? super SyncEffect> out) {
    switch (input) {
      case SyncInput.PeerHeight(String peer, long height) -> peers.claims(peer, height);
      case SyncInput.PeerGone(String peer) -> {
        peers.gone(peer);
        headers.ifPresent(h -> h.gone(peer));
        flights.values().removeIf(flight -> flight.peer().equals(peer));
      }
      case SyncInput.Gossiped(String peer, BlockMessage message) -> gossiped(peer, message);
      case SyncInput.Blocks(long id, String peer, List<BlockMessage> blocks) ->
          answered(id, peer, blocks, now, out);
      case SyncInput.Headers(long id, String peer, List<Header> answer) ->
          headers.ifPresent(h -> h.answered(id, peer, answer, now, out));
      case SyncInput.Refused(Cid block, boolean forGood, String reason) -> {
        delivering = false;
        headers.ifPresent(h -> h.refused(block, forGood, reason, now, out));
      }
      case SyncInput.Failed(long id, String peer, String reason, boolean malformed) ->
          failed(id, peer, reason, malformed, now, out);
      case SyncInput.Advanced(long height, Cid id) -> advanced(height, id);
    }
    // After an advance the next block waits for the tick, so that a long sync takes short steps.
    work(!(input instanceof SyncInput.Advanced), now, out);
  }

  @Override
  public void tick(Now now, Consumer<? super SyncEffect> out) {
    work(true, now, out);
  }

  private void gossiped(String peer, BlockMessage message) {
    long height = message.block().height();
    if (height <= finalizedHeight) {
      return;
    }
    gossipedHeight = Math.max(gossipedHeight, height);
    if (height <= finalizedHeight + params.windowBlocks()) {
      ready.add(message, peer);
    }
  }

  private void advanced(long height, Cid id) {
    delivering = false;
    if (height > finalizedHeight) {
      finalizedHeight = height;
      finalized = id;
      ready.dropUpTo(height);
    }
  }

  private void answered(
      long id, String peer, List<BlockMessage> blocks, Now now, Consumer<? super SyncEffect> out) {
    Flight flight = flights.get(id);
    if (flight == null || !flight.peer().equals(peer)) {
      return; // Late: it timed out and was given to another.
    }
    land(flight);
    Verdict verdict =
        headers
            .map(h -> h.check(peer, flight.range(), blocks))
            .orElseGet(() -> RangeCheck.check(flight.range(), blocks, verifier));
    switch (verdict) {
      case Verdict.Accept() -> {
        peers.served(peer);
        for (BlockMessage message : blocks) {
          if (message.block().height() > finalizedHeight) {
            ready.add(message, peer);
          }
        }
      }
      case Verdict.Ignore(String _) -> peers.failed(peer, now.nanos());
      case Verdict.Reject(String reason) -> {
        if (blocks.isEmpty()) {
          peers.lower(peer, flight.range().from() - 1);
        }
        peers.lied(peer, now.nanos());
        out.accept(new SyncEffect.Penalize(peer, reason));
      }
    }
  }

  private void failed(
      long id,
      String peer,
      String reason,
      boolean malformed,
      Now now,
      Consumer<? super SyncEffect> out) {
    boolean header =
        headers.isPresent() && headers.get().failed(id, peer, reason, malformed, now, out);
    Flight flight = flights.get(id);
    if (header || flight == null || !flight.peer().equals(peer)) {
      return;
    }
    land(flight);
    if (malformed) {
      peers.lied(peer, now.nanos());
      out.accept(new SyncEffect.Penalize(peer, reason));
    } else {
      peers.failed(peer, now.nanos());
    }
  }

  private void land(Flight flight) {
    flights.remove(flight.requestId());
    peers.answered(flight.peer());
  }

  private void work(boolean mayDeliver, Now now, Consumer<? super SyncEffect> out) {
    expire(now, out);
    headers.ifPresent(h -> search(h, now, out));
    if (mayDeliver && !delivering) {
      deliver(now, out);
    }
    follow(now);
    if (fetching) {
      request(now, out);
      hedge(now, out);
    }
    deadlineNanos = nextDeadline(now);
  }

  /// What was fetched of a branch that is not the chosen one any more is of no use.
  private void search(HeaderSync branches, Now now, Consumer<? super SyncEffect> out) {
    branches.work(finalizedHeight, finalized, now, out);
    if (branches.limit() == 0) {
      ready.dropUpTo(Long.MAX_VALUE);
      List.copyOf(flights.values()).forEach(this::land);
    }
  }

  private void expire(Now now, Consumer<? super SyncEffect> out) {
    List<Flight> late = new ArrayList<>();
    for (Flight flight : flights.values()) {
      if (now.nanos() - flight.sentNanos() >= params.requestTimeout().toNanos()) {
        late.add(flight);
      }
    }
    for (Flight flight : late) {
      land(flight);
      peers.failed(flight.peer(), now.nanos());
      out.accept(
          new SyncEffect.Penalize(
              flight.peer(),
              "no answer in " + params.requestTimeout().toMillis() + " ms to " + flight.range()));
    }
  }

  private void deliver(Now now, Consumer<? super SyncEffect> out) {
    Optional<ReadyBlocks.Ready> next = ready.at(finalizedHeight + 1);
    if (next.isEmpty()) {
      return;
    }
    Block block = next.get().message().block();
    if (block.parent().equals(Optional.of(finalized))) {
      delivering = true;
      out.accept(new SyncEffect.Deliver(next.get().message()));
      return;
    }
    // Two certified chains: whoever made the second broke the consensus; this one is kept.
    ready.drop(block.height());
    peers.lied(next.get().from(), now.nanos());
    out.accept(
        new SyncEffect.Penalize(
            next.get().from(), "block " + block.height() + " is not on the final chain"));
  }

  /// Keeps the flags: behind as soon as a peer is ahead, syncing when that lasts.
  private void follow(Now now) {
    long claimed = peers.heightMax(now.nanos());
    if (headers.isPresent()) {
      claimed = Math.min(claimed, headers.get().limit());
    }
    target = Math.max(finalizedHeight, Math.max(gossipedHeight, claimed));
    goal = Math.min(goal, target); // A claim was taken back, or whoever made it has gone.
    if (behind && finalizedHeight >= goal) {
      behind = false;
      fetching = false;
    }
    if (!behind && target > finalizedHeight) {
      behind = true;
      goal = target;
      behindSinceNanos = now.nanos();
    }
    syncing = behind && (now.nanos() - behindSinceNanos >= params.gapGrace().toNanos());
    fetching |= syncing || target - finalizedHeight > GAP_FOR_GOSSIP_MAX;
  }

  private void request(Now now, Consumer<? super SyncEffect> out) {
    // What could not be verified would be fetched for nothing.
    long last = Math.min(target, verifier.horizon(finalizedHeight));
    last = Math.min(last, finalizedHeight + params.windowBlocks());
    long height = finalizedHeight + 1;
    while (height <= last) {
      if (ready.has(height) || inFlight(height)) {
        height++;
        continue;
      }
      if (height > finalizedHeight + 1 && !room()) {
        return;
      }
      List<String> able = eligible(height, now);
      if (able.isEmpty()) {
        return; // Whoever has a higher block has this one too: nobody is free.
      }
      int count = 1;
      while (count < params.rangeBlocks()
          && height + count <= last
          && !ready.has(height + count)
          && !inFlight(height + count)) {
        count++;
      }
      send(able.getFirst(), new RangeRequest(height, count), now, out);
      height += count;
    }
  }

  private List<String> eligible(long height, Now now) {
    List<String> names = peers.eligible(height, now.nanos());
    headers.ifPresent(h -> names.removeIf(peer -> !h.mayServe(peer)));
    return names;
  }

  private boolean inFlight(long height) {
    for (Flight flight : flights.values()) {
      if (flight.covers(height)) {
        return true;
      }
    }
    return false;
  }

  private boolean room() {
    return ready.bytes() + (flights.size() + 1) * REQUEST_BYTES <= params.bufferBytesMax();
  }

  /// Asks one more peer for the range that everything above waits for, when it is slow to come.
  private void hedge(Now now, Consumer<? super SyncEffect> out) {
    long height = finalizedHeight + 1;
    Flight slow = null;
    for (Flight flight : flights.values()) {
      if (flight.covers(height)) {
        if (slow != null) {
          return;
        }
        slow = flight;
      }
    }
    if (slow == null || now.nanos() - slow.sentNanos() < params.hedgeAfter().toNanos()) {
      return;
    }
    for (String peer : eligible(height, now)) {
      if (!peer.equals(slow.peer())) {
        int count = (int) (slow.range().last() - height + 1);
        send(peer, new RangeRequest(height, count), now, out);
        return;
      }
    }
  }

  private void send(String peer, RangeRequest range, Now now, Consumer<? super SyncEffect> out) {
    long id = ++requestsSent;
    flights.put(id, new Flight(id, peer, range, now.nanos()));
    peers.asked(peer);
    out.accept(new SyncEffect.Request(id, peer, range));
  }

  private long nextDeadline(Now now) {
    if (!delivering && ready.has(finalizedHeight + 1)) {
      return now.nanos();
    }
    long next = headers.map(h -> h.deadlineNanos(now)).orElse(Long.MAX_VALUE);
    for (Flight flight : flights.values()) {
      next = Math.min(next, flight.sentNanos() + params.requestTimeout().toNanos());
      long hedge = flight.sentNanos() + params.hedgeAfter().toNanos();
      if (flight.covers(finalizedHeight + 1) && hedge > now.nanos()) {
        next = Math.min(next, hedge);
      }
    }
    if (behind && !syncing) {
      next = Math.min(next, behindSinceNanos + params.gapGrace().toNanos());
    }
    return Math.min(next, peers.nextReadyNanos(finalizedHeight, now.nanos()));
  }
}
